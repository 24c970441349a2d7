// A seller with ebay-api: consent, refresh, all that a listing needs, a sale, its shipping.
import { createRequire } from "node:module";

const require = createRequire(`${process.env.CLIENTS}/package.json`);
const EBay = require("ebay-api");
const keys = JSON.parse(process.env.KEYS);
const buy = (sku) =>
  fetch(`${process.env.MOCKBAY}/_mock/buy`, {
    method: "POST",
    body: JSON.stringify({ sku, quantity: 2 }),
  }).then((answer) => answer.json());

const scopes = ["", "/sell.inventory", "/sell.account", "/sell.fulfillment", "/sell.finances"];
const ebay = new EBay({
  appId: keys.client_id,
  certId: keys.client_secret,
  ruName: keys.ru_name,
  sandbox: true,
  marketplaceId: "EBAY_US",
  acceptLanguage: "en-US",
  contentLanguage: "en-US",
  scope: scopes.map((scope) => `https://api.ebay.com/oauth/api_scope${scope}`),
});

const asked = new URLSearchParams(new URL(ebay.OAuth2.generateAuthUrl()).search);
asked.set("answer", "agree");
const agreed = await fetch(`${process.env.MOCKBAY}/oauth2/authorize`, {
  method: "POST",
  body: asked,
}).then((answer) => answer.text());
const code = agreed.match(/<dt>code<\/dt><dd><code>(.*?)<\/code>/)[1];
ebay.OAuth2.setCredentials(await ebay.OAuth2.getToken(code));
await ebay.OAuth2.refreshToken();

const { inventory, account, fulfillment } = ebay.sell;
const { categoryTreeId } = await ebay.commerce.taxonomy.getDefaultCategoryTreeId("EBAY_US");
const { aspects } = await ebay.commerce.taxonomy.getItemAspectsForCategory(categoryTreeId, "101");
const first = ([policy]) => policy;
const listingPolicies = {
  fulfillmentPolicyId: first((await account.getFulfillmentPolicies("EBAY_US")).fulfillmentPolicies)
    .fulfillmentPolicyId,
  paymentPolicyId: first((await account.getPaymentPolicies("EBAY_US")).paymentPolicies)
    .paymentPolicyId,
  returnPolicyId: first((await account.getReturnPolicies("EBAY_US")).returnPolicies).returnPolicyId,
};
await inventory.createInventoryLocation("NODE", {
  location: { address: { country: "US", postalCode: "90210" } },
  locationTypes: ["WAREHOUSE"],
});
await inventory.createOrReplaceInventoryItem("NODE-1", {
  condition: "NEW",
  availability: { shipToLocationAvailability: { quantity: 5 } },
  product: {
    title: "Brass lamp",
    description: "A lamp of brass.",
    imageUrls: ["https://img.example/lamp.jpg"],
    aspects: { Brand: ["Lumen"], Type: ["Desk Lamp"] },
  },
});
const { offerId } = await inventory.createOffer({
  sku: "NODE-1",
  marketplaceId: "EBAY_US",
  format: "FIXED_PRICE",
  categoryId: "101",
  listingDescription: "A lamp of brass.",
  listingPolicies,
  merchantLocationKey: "NODE",
  pricingSummary: { price: { value: 24.9, currency: "USD" } }, // a number, as many programs send it
});
const { listingId } = await inventory.publishOffer(offerId);
await inventory.bulkUpdatePriceQuantity({
  requests: [
    {
      sku: "NODE-1",
      shipToLocationAvailability: { quantity: 4 },
      offers: [{ offerId, price: { value: "19.90", currency: "USD" } }],
    },
  ],
});
const { offers } = await inventory.getOffers({ sku: "NODE-1", limit: 200 });

const order = await buy("NODE-1");
const { orders } = await fulfillment.getOrders({
  filter: "orderfulfillmentstatus:{NOT_STARTED|IN_PROGRESS}",
});
await fulfillment.createShippingFulfillment(order.orderId, {
  lineItems: orders[0].lineItems.map(({ lineItemId, quantity }) => ({ lineItemId, quantity })),
  shippingCarrierCode: "USPS",
  trackingNumber: "TRACK1",
});
const refund = await fulfillment.issueRefund(order.orderId, {
  reasonForRefund: "BUYER_CANCEL",
  orderLevelRefundAmount: { value: "1.00", currency: "USD" },
});
const shipped = await fulfillment.getOrder(order.orderId);
const again = await inventory.createOffer({
  sku: "NODE-1",
  marketplaceId: "EBAY_US",
  format: "FIXED_PRICE",
}).catch((error) => error.message);

console.log(
  JSON.stringify({
    aspects: aspects.map((aspect) => aspect.localizedAspectName),
    listing: listingId,
    price: offers[0].pricingSummary.price.value,
    shipTo: orders[0].fulfillmentStartInstructions[0].shippingStep.shipTo.fullName,
    status: shipped.orderFulfillmentStatus,
    refund: refund.refundStatus,
    again,
  }),
);
