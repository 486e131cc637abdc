//! Which addresses may be connected to on a stranger's word: only those that everybody can reach.
//!
//! The check is made where names are looked up, on the very addresses that are then connected to, so that a
//! name which answers differently the next time gains nothing. It follows the registries of special-purpose
//! addresses (RFC 6890; <https://www.iana.org/assignments/iana-ipv4-special-registry>, and the same for IPv6).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use ureq::{
    config::Config,
    http::Uri,
    unversioned::{
        resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver},
        transport::NextTimeout,
    },
};

/// Looks names up, and refuses addresses that are not public.
#[derive(Debug)]
pub(super) struct Guard {
    pub allow_private: bool,
    pub names: DefaultResolver,
}

/// Why a look-up gave nothing to connect to.
#[derive(Debug)]
pub(super) enum Refused {
    /// All that it gave is private.
    Private(IpAddr),
    /// It failed.
    LookUp(String),
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Private(address) => write!(f, "{address} is private"),
            Self::LookUp(reason) => f.write_str(reason),
        }
    }
}

impl std::error::Error for Refused {}

impl Resolver for Guard {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let refused = |refused| ureq::Error::Other(Box::new(refused));
        let found = match self.names.resolve(uri, config, timeout) {
            Err(ureq::Error::Io(error)) => return Err(refused(Refused::LookUp(error.to_string()))),
            Err(ureq::Error::HostNotFound) => return Err(refused(Refused::LookUp("it has no address".to_owned()))),
            other => other?,
        };
        if self.allow_private {
            return Ok(found);
        }
        let mut kept = self.empty();
        found.iter().filter(|address| is_public(address.ip())).for_each(|address| kept.push(*address));
        match (kept.is_empty(), found.first()) {
            (true, Some(first)) => Err(refused(Refused::Private(first.ip()))),
            _ => Ok(kept),
        }
    }
}

/// Whether an address belongs to the public internet.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    match address.octets() {
        // "This network", private, shared (carrier-grade NAT), loopback, link-local.
        [0 | 10 | 127, ..] | [100, 64..=127, ..] | [169, 254, ..] | [172, 16..=31, ..] | [192, 168, ..] => false,
        // Protocol assignments, documentation, 6to4 relays, benchmarks.
        [192, 0, 0 | 2, _] | [192, 88, 99, _] | [198, 18 | 19, ..] | [198, 51, 100, _] | [203, 0, 113, _] => false,
        // Multicast, reserved, broadcast.
        [224..=255, ..] => false,
        _ => true,
    }
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let octets = address.octets();
    let v4_at = |at: usize| Ipv4Addr::new(octets[at], octets[at + 1], octets[at + 2], octets[at + 3]);
    match address.segments() {
        // IPv4 in IPv6: mapped, and translated by NAT64 (RFC 6052).
        [0, 0, 0, 0, 0, 0xffff, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => is_public_v4(v4_at(12)),
        // 6to4 carries the address of its router.
        [0x2002, ..] => is_public_v4(v4_at(2)),
        // Protocol assignments (Teredo, ORCHID, benchmarks), documentation.
        [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        // ISATAP carries an IPv4 address in its last half.
        [0x2000..=0x3fff, _, _, _, 0 | 0x200, 0x5efe, ..] => is_public_v4(v4_at(12)),
        // Nothing else is handed out: loopback, compatible, unique and link-local, multicast lie outside.
        [first, ..] => (0x2000..=0x3fff).contains(&first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ureq::unversioned::transport::time::Duration;

    #[test]
    fn what_is_looked_up_is_what_is_checked() {
        let check = |uri: &str, allow_private| {
            let guard = Guard { allow_private, names: DefaultResolver::default() };
            let timeout =
                NextTimeout { after: Duration::NotHappening, reason: ureq::Timeout::Global, ..NextTimeout::default() };
            match guard.resolve(&uri.parse().unwrap(), &Config::default(), timeout) {
                Ok(found) => found.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
                Err(error) => error.to_string(),
            }
        };
        assert_eq!(check("http://127.0.0.1:80/", false), "other: 127.0.0.1 is private");
        assert_eq!(check("http://127.0.0.1:80/", true), "127.0.0.1:80");
        assert_eq!(check("https://1.1.1.1/", false), "1.1.1.1:443");
        assert_eq!(check("http://[::1]/", false), "other: ::1 is private");
    }

    #[test]
    fn only_public_addresses_are_public() {
        let public = "1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.1 \
            169.253.255.255 172.15.255.255 172.32.0.0 192.0.1.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 \
            203.0.112.255 223.255.255.255 2606:4700:4700::1111 2a00:1450:4001::1 64:ff9b::8.8.8.8 ::ffff:8.8.8.8 \
            2002:808:808::1 2001:200::1 2001:4860:4860::8888 2a00:1450::5efe:8.8.8.8";
        let private = "0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254 169.254.169.254 \
            172.16.0.1 172.31.255.255 192.0.0.1 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 198.19.255.255 \
            198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 :: ::1 ::127.0.0.1 \
            ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:10.1.2.3 ::ffff:169.254.169.254 64:ff9b::10.0.0.1 64:ff9b:1::1 \
            100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:2::1 2001:10::1 2001:db8::1 2002:7f00:1::1 \
            2002:c0a8:1::1 2a00:1450::5efe:10.0.0.1 3fff::1 5f00::1 fc00::1 fdff::1 fe80::1 febf::1 fec0::1 ff02::1 ffff::1";
        for (addresses, expected) in [(public, true), (private, false)] {
            for address in addresses.split_whitespace() {
                assert_eq!(is_public(address.parse().unwrap()), expected, "{address}");
            }
        }
    }
}
