// A subscriber with ebay-api and eBay's own event-notification SDK: the seller's token sets up the
// destination, the SDK answers the challenge and verifies what arrives with the public key.
import { createRequire } from "node:module";
import { once } from "node:events";

const require = createRequire(`${process.env.CLIENTS}/package.json`);
const express = require("express");
const sdk = require("event-notification-nodejs-sdk");
const EBay = require("ebay-api");
const keys = JSON.parse(process.env.KEYS);
console.log = console.error; // the SDK tells of what it processes there
const notify = (body) =>
  fetch(`${process.env.MOCKBAY}/_mock/notify`, { method: "POST", body: JSON.stringify(body) });

const mine = { clientId: keys.client_id, clientSecret: keys.client_secret };
const config = {
  SANDBOX: { ...mine },
  PRODUCTION: { ...mine },
  verificationToken: "t".repeat(40),
};
const statuses = [];
const app = express();
app.use(express.json());
app.get("/notices", (asked, answer) => {
  answer.send({ challengeResponse: sdk.validateEndpoint(asked.query.challenge_code, config) });
});
app.post("/notices", async (asked, answer) => {
  const signature = asked.headers["x-ebay-signature"];
  statuses.push(await sdk.process(asked.body, signature, config, "SANDBOX"));
  answer.status(statuses.at(-1)).send();
});
const server = app.listen(0, "127.0.0.1");
await once(server, "listening");
config.endpoint = `http://127.0.0.1:${server.address().port}/notices`;

const setUp = { appId: keys.client_id, certId: keys.client_secret, sandbox: true };
const seller = new EBay(setUp);
seller.OAuth2.setCredentials(keys.user_token);
const program = new EBay(setUp); // without a seller it takes a token of the application
const { notification } = seller.commerce;
await notification.updateConfig({ alertEmail: "alerts@shop.example" });
await notification.createDestination({
  name: "shop",
  status: "ENABLED",
  deliveryConfig: { endpoint: config.endpoint, verificationToken: config.verificationToken },
});
const [{ destinationId }] = (await notification.getDestinations({ limit: 20 })).destinations;
const wish = (topicId) => ({
  topicId,
  destinationId,
  status: "ENABLED",
  payload: { format: "JSON", schemaVersion: "1.0", deliveryProtocol: "HTTPS" },
});
await notification.createSubscription(wish("PRIORITY_LISTING_REVISION"));
await program.commerce.notification.createSubscription(wish("MARKETPLACE_ACCOUNT_DELETION"));

await notify({ topic: "PRIORITY_LISTING_REVISION", data: { listings: [] } });
const gone = { username: "käufer", userId: "U1", eiasToken: "E1" };
await notify({ topic: "MARKETPLACE_ACCOUNT_DELETION", data: gone });
await notify({ topic: "MARKETPLACE_ACCOUNT_DELETION", data: gone, signature: "bad" });
server.close();
process.stdout.write(JSON.stringify({ statuses }));
