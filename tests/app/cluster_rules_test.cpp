#include "tests/support/settings_fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace gleaner;
using namespace gleaner::test;

namespace cluster_rules {

struct Fixture : SettingsFixture {
  using Variables = std::map<std::string, std::string>;

  LoadedConfig with(const Variables& given) {
    variables = {{"HUNTER_API_KEY", "k"}};
    for (const auto& [name, value] : given)
      variables["GLEANER_CLUSTER__" + name] = value;
    return load();
  }
  /// The problem names the setting and says what to do.
  bool is_refused(const Variables& given, const std::string& setting, const std::string& remedy) {
    const auto problems = with(given).problems;
    return problems.size() == 1 && problems[0].find(setting) != std::string::npos &&
           problems[0].find(remedy) != std::string::npos;
  }
};

} // namespace cluster_rules

BOOST_FIXTURE_TEST_SUITE(cluster_rules, Fixture)

BOOST_AUTO_TEST_CASE(a_process_alone_needs_nothing) {
  const auto loaded = with({});
  BOOST_TEST(loaded.problems.empty());
  BOOST_TEST(loaded.config.cluster.role == "all");
  BOOST_TEST(loaded.config.cluster.listen == "off");
}

BOOST_AUTO_TEST_CASE(a_fetcher_joins_several_coordinators) {
  const auto loaded =
    with({{"ROLE", "fetcher"}, {"JOIN", "127.0.0.1:9470, localhost:9471"}, {"PLAIN", "on"}});
  BOOST_TEST(loaded.problems.empty());
  BOOST_TEST(loaded.config.cluster.join ==
               (std::vector<std::string>{"127.0.0.1:9470", "localhost:9471"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(roles_need_what_they_are_for) {
  BOOST_TEST(is_refused({{"ROLE", "fetcher"}}, "cluster.role", "--join"));
  BOOST_TEST(is_refused({{"ROLE", "coordinator"}}, "cluster.role", "--cluster-listen"));
  BOOST_TEST(
    is_refused({{"JOIN", "127.0.0.1:9470"}, {"PLAIN", "on"}}, "cluster.join", "--role fetcher"));
  BOOST_TEST(is_refused({{"ROLE", "fetcher"},
                         {"JOIN", "127.0.0.1:9470"},
                         {"LISTEN", "127.0.0.1:9471"},
                         {"PLAIN", "on"}},
                        "cluster.listen", "drop it"));
}

BOOST_AUTO_TEST_CASE(without_tls_nothing_leaves_this_machine) {
  BOOST_TEST(is_refused({{"LISTEN", "127.0.0.1:9470"}}, "cluster.listen", "--cluster-plain"));
  for (const auto* address :
       {"0.0.0.0:9470", "10.0.0.7:9470", "node:9470", "127.0.0.1.evil.test:9470"}) {
    BOOST_TEST(is_refused({{"LISTEN", address}, {"PLAIN", "on"}}, "cluster.listen", "127.0.0.1"),
               address);
    BOOST_TEST(is_refused({{"ROLE", "fetcher"}, {"JOIN", address}, {"PLAIN", "on"}}, "cluster.join",
                          address),
               address);
  }
}

BOOST_AUTO_TEST_CASE(other_machines_are_joined_with_all_three_files) {
  const Variables files{{"TLS_CA", "ca.pem"}, {"TLS_CERT", "a.pem"}, {"TLS_KEY", "a.key"}};
  auto given = files;
  given["LISTEN"] = "0.0.0.0:9470";
  BOOST_TEST(with(given).problems.empty());
  for (const auto& [missing, name] : files) {
    auto half = given;
    half.erase(missing);
    BOOST_TEST(is_refused(half, "cluster.listen", "gleaner cluster issue"), missing);
  }
  given = files;
  given["ROLE"] = "fetcher";
  given["JOIN"] = "coordinator.internal:9470";
  BOOST_TEST(with(given).problems.empty());
  given.erase("TLS_KEY");
  BOOST_TEST(is_refused(given, "cluster.join", "cluster.tls_key"));
  BOOST_TEST(is_refused({{"LISTEN", "127.0.0.1:9470"}, {"PLAIN", "on"}, {"TLS_CA", "ca.pem"}},
                        "cluster.plain", "drop one"));
  BOOST_TEST(is_refused({{"TLS_CA", "ca.pem\nexec = sh"}}, "cluster.tls_ca", "path"));
}

BOOST_AUTO_TEST_CASE(what_is_no_address_name_or_role_is_refused) {
  BOOST_TEST(is_refused({{"LISTEN", "9470"}}, "cluster.listen", "host:port"));
  BOOST_TEST(is_refused({{"LISTEN", "127.0.0.1:70000"}}, "cluster.listen", "host:port"));
  BOOST_TEST(is_refused({{"JOIN", "127.0.0.1:9470,,"}}, "cluster.join", "host:port"));
  BOOST_TEST(is_refused({{"JOIN", "127.0.0.1:0"}}, "cluster.join", "host:port"));
  BOOST_TEST(is_refused({{"NODE", "a node"}}, "cluster.node", "letters"));
  BOOST_TEST(is_refused({{"NODE", std::string(65, 'n')}}, "cluster.node", "64"));
  BOOST_TEST(is_refused({{"ROLE", "worker"}}, "cluster.role", "coordinator"));
}

BOOST_AUTO_TEST_SUITE_END()
