#include "adapters/redis/redis_url.hpp"

#include <charconv>
#include <optional>

namespace gleaner::redis {

namespace {

Error wrong(std::string what) {
  // Without a login: the log's redaction would take "password@host" for somebody's address.
  return {Errc::usage, "REDIS_URL " + std::move(what) +
                         "; it looks like redis://host:6379/0, rediss://host:6379/0 (TLS), "
                         "unix:///path?db=0 or https://name.upstash.io (REST)"};
}

std::optional<int> number_in(std::string_view text, int largest) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0 || value > largest)
    return std::nullopt;
  return value;
}

int hex_digit(char digit) {
  if (digit >= '0' && digit <= '9')
    return digit - '0';
  if ((digit | 0x20) >= 'a' && (digit | 0x20) <= 'f')
    return (digit | 0x20) - 'a' + 10;
  return -1;
}

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool coded = text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
                       hex_digit(text[i + 2]) >= 0;
    decoded +=
      coded ? static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])) : text[i];
    i += coded ? 2 : 0;
  }
  return decoded;
}

/// Takes "user:password@" off the front of `rest`.
void take_login(std::string_view& rest, RedisAddress& address) {
  const auto at = rest.rfind('@');
  if (at == std::string_view::npos)
    return;
  const auto login = rest.substr(0, at);
  rest.remove_prefix(at + 1);
  const auto colon = login.find(':');
  address.user = percent_decoded(login.substr(0, colon));
  if (colon != std::string_view::npos)
    address.password = percent_decoded(login.substr(colon + 1));
}

Result<RedisAddress> parse_unix(std::string_view rest) {
  RedisAddress address;
  take_login(rest, address);
  const auto question = rest.find('?');
  address.socket_path = percent_decoded(rest.substr(0, question));
  if (address.socket_path.empty() || address.socket_path.front() != '/')
    return wrong("names no absolute path of a unix socket");
  if (question == std::string_view::npos)
    return address;
  const auto query = rest.substr(question + 1);
  const auto database =
    query.starts_with("db=") ? number_in(query.substr(3), 1 << 20) : std::nullopt;
  if (!database)
    return wrong("has an unknown part after '?'");
  address.database = *database;
  return address;
}

Result<RedisAddress> parse_tcp(std::string_view rest) {
  RedisAddress address;
  take_login(rest, address);
  rest = rest.substr(0, rest.find('?'));
  if (const auto slash = rest.find('/'); slash != std::string_view::npos) {
    const auto path = rest.substr(slash + 1);
    const auto database = path.empty() ? std::optional{0} : number_in(path, 1 << 20);
    if (!database)
      return wrong("has a database that is no number");
    address.database = *database;
    rest = rest.substr(0, slash);
  }
  const auto bracket = rest.rfind(']'); // of an IPv6 address
  const auto colon = rest.rfind(':');
  if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
    const auto port = number_in(rest.substr(colon + 1), 65535);
    if (!port || *port == 0)
      return wrong("has a port that is no number from 1 to 65535");
    address.port = *port;
    rest = rest.substr(0, colon);
  }
  if (rest.starts_with('[') && rest.ends_with(']'))
    rest = rest.substr(1, rest.size() - 2);
  if (!rest.empty())
    address.host = rest;
  return address;
}

Result<RedisAddress> parse_rest(std::string_view url) {
  const auto scheme_end = url.find("://") + 3;
  const auto host = url.substr(scheme_end, url.find_first_of("/:?#", scheme_end) - scheme_end);
  if (host.empty() || url.find_first_of("@?# ") != std::string_view::npos)
    return wrong("of the REST form names a server, with no login and no query (the token is a "
                 "setting of its own)");
  if (url.starts_with("http://") && host != "127.0.0.1" && host != "localhost")
    return wrong("would send the token in clear; use https://");
  while (url.ends_with('/'))
    url.remove_suffix(1);
  RedisAddress address;
  address.rest_base = url;
  return address;
}

} // namespace

bool is_rest_url(std::string_view url) {
  return url.starts_with("https://") || url.starts_with("http://");
}

Result<RedisAddress> parse_redis_url(std::string_view url) {
  constexpr std::string_view tcp = "redis://", unix_socket = "unix://", tls = "rediss://";
  if (url.starts_with(tcp))
    return parse_tcp(url.substr(tcp.size()));
  if (url.starts_with(unix_socket))
    return parse_unix(url.substr(unix_socket.size()));
  if (url.starts_with(tls)) {
    auto address = parse_tcp(url.substr(tls.size()));
    if (address)
      address->tls = true;
    return address;
  }
  if (is_rest_url(url))
    return parse_rest(url);
  return wrong("has an unknown scheme");
}

} // namespace gleaner::redis
