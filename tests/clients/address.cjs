// Lead what a program of Node sends to eBay's hosts to mockbay. TLS stays: the certificate is
// checked for the host that the program names.
const tls = require("node:tls");

const { hostname, port } = new URL(process.env.MOCKBAY_TLS);
const connect = tls.connect;
tls.connect = (options, ...rest) => {
  const ebays = String(options.host).endsWith(".ebay.com");
  return connect(ebays ? { ...options, host: hostname, port } : options, ...rest);
};
