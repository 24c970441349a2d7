"""A certificate for eBay's host names, and the authority that a program must trust for it.

Both are new with each start. The authority may vouch for ``ebay.com`` and this machine only, and
its key is forgotten once it has signed: who trusts it trusts this one mock and nothing else.
"""

import ssl
from datetime import datetime, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NAMES = ("ebay.com", "*.ebay.com", "*.sandbox.ebay.com", "localhost")
ADDRESSES = ("127.0.0.1", "::1")
MACHINE = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
GOOD_FOR = timedelta(days=365)


class Issued(NamedTuple):
    """``authority`` is the certificate to trust, as PEM; ``context`` serves the other one."""

    authority: bytes
    context: ssl.SSLContext


def issue(now: datetime) -> Issued:
    """Return a new authority and what serves TLS with a certificate of it, good for a year."""
    authority_key = ec.generate_private_key(ec.SECP256R1())
    key = ec.generate_private_key(ec.SECP256R1())
    authority = _authority(authority_key, now)
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    signer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    certificate = (
        _begun("mockbay", authority.subject, key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([*_names(), *_addresses()]), critical=False)
        .add_extension(usage, critical=False)
        .add_extension(signer, critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    return Issued(_pem(authority), _context(certificate, key))


def _authority(key: ec.EllipticCurvePrivateKey, now: datetime) -> x509.Certificate:
    name = "mockbay: for tests on this machine"
    permitted = [
        x509.DNSName("ebay.com"), x509.DNSName("localhost"), *map(_network, MACHINE),
    ]  # fmt: skip
    usage = x509.KeyUsage(
        key_cert_sign=True, crl_sign=True, digital_signature=False, content_commitment=False,
        key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False,
        decipher_only=False,
    )  # fmt: skip
    return (
        _begun(name, _named(name), key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )


def _begun(
    name: str, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + GOOD_FOR)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _names() -> list[x509.GeneralName]:
    return [x509.DNSName(name) for name in NAMES]


def _addresses() -> list[x509.GeneralName]:
    return [x509.IPAddress(ip_address(address)) for address in ADDRESSES]


def _network(network: IPv4Network | IPv6Network) -> x509.GeneralName:
    return x509.IPAddress(network)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _context(certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> ssl.SSLContext:
    """Return what serves a certificate; Python reads it from a file only, which is gone at once."""
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with TemporaryDirectory() as folder:
        file = Path(folder, "mockbay.pem")
        file.write_bytes(private + _pem(certificate))
        context.load_cert_chain(file)
    return context
