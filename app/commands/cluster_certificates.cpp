#include "app/commands/cluster_certificates.hpp"

#include "adapters/certificates/certificate_authority.hpp"
#include "app/client_redis.hpp"
#include "app/commands/new_file.hpp"
#include "app/terminal.hpp"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>

namespace gleaner {

namespace {

namespace fs = std::filesystem;

struct CaOptions {
  std::string folder = "cluster-ca";
  std::string name = "gleaner-cluster";
  int days = 3650;
};

struct IssueOptions {
  std::string name;
  std::vector<std::string> hosts;
  std::string folder = "cluster-ca";
  int days = 365;
};

std::string in_folder(const std::string& folder, const std::string& name) {
  return (fs::path{folder} / name).string();
}

/// Both files, or none.
Status write_identity(const certificates::Identity& made, const std::string& path) {
  if (const auto key = write_new_file(path + ".key", made.key, FileReaders::owner); !key)
    return key.error();
  const auto certificate = write_new_file(path + ".pem", made.certificate, FileReaders::all);
  if (!certificate) {
    std::error_code ignored;
    fs::remove(path + ".key", ignored);
  }
  return certificate;
}

Result<std::string> read_ca_file(const std::string& folder, const std::string& name) {
  const auto path = in_folder(folder, name);
  std::ifstream file{path, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  if (!file.is_open() || text.empty())
    return Error{Errc::not_found, path +
                                    " can't be read: make a CA by `gleaner cluster init-ca "
                                    "--folder " +
                                    folder + "`, or name its folder by --folder"};
  return text;
}

int init_ca(const CaOptions& options) {
  std::error_code error;
  fs::create_directories(options.folder, error);
  if (error)
    return report_failure(
      {Errc::store_unwritable, "can't create " + options.folder + ": " + error.message()});
  const auto made = certificates::make_authority(options.name, options.days);
  if (!made)
    return report_failure(made.error());
  const auto path = in_folder(options.folder, "ca");
  if (const auto written = write_identity(*made, path); !written)
    return report_failure(written.error());
  std::cout << "wrote " << harmless(path) << ".pem, which every node gets, and " << harmless(path)
            << ".key, which none may have: it makes nodes\n";
  return 0;
}

void print_next(const IssueOptions& options, const std::string& path) {
  std::cout << "wrote " << harmless(path) << ".pem and " << harmless(path)
            << ".key; the node needs both and " << harmless(in_folder(options.folder, "ca.pem"))
            << ", then:\n  gleaner run "
            << (options.hosts.empty()
                  ? "--role fetcher --node " + options.name + " --join HOST:9470"
                  : std::string{"--role coordinator --cluster-listen 0.0.0.0:9470"})
            << " --cluster-tls-ca ca.pem --cluster-tls-cert " << options.name
            << ".pem --cluster-tls-key " << options.name << ".key\n";
}

int issue(const IssueOptions& options) {
  const auto ca = read_ca_file(options.folder, "ca.pem");
  if (!ca)
    return report_failure(ca.error());
  const auto ca_key = read_ca_file(options.folder, "ca.key");
  if (!ca_key)
    return report_failure(ca_key.error());
  certificates::CertificateRequest request;
  request.name = options.name;
  request.purpose =
    options.hosts.empty() ? certificates::Purpose::fetcher : certificates::Purpose::coordinator;
  request.hosts = options.hosts;
  request.days = options.days;
  const auto made = certificates::issue({*ca, *ca_key}, request);
  if (!made)
    return report_failure(made.error());
  const auto path = in_folder(options.folder, options.name);
  if (const auto written = write_identity(*made, path); !written)
    return report_failure(written.error());
  print_next(options, path);
  return 0;
}

void add_init_ca(CLI::App& cluster, Command& chosen) {
  const auto options = std::make_shared<CaOptions>();
  auto* verb = cluster.add_subcommand("init-ca", R"(Makes a private CA for the nodes of a cluster.

Examples:
  gleaner cluster init-ca
  gleaner cluster init-ca --folder /srv/gleaner-ca --days 3650)");
  verb->add_option("--folder", options->folder, "Where it is kept; created when missing")
    ->type_name("FOLDER")
    ->capture_default_str();
  verb->add_option("--name", options->name, "Its name, for people")->capture_default_str();
  verb->add_option("--days", options->days, "How long it is good for")
    ->capture_default_str()
    ->check(CLI::Range(1, 36500));
  verb->callback([&chosen, options] {
    chosen = [options](const CommandEnvironment&) { return init_ca(*options); };
  });
}

void add_issue(CLI::App& cluster, Command& chosen) {
  const auto options = std::make_shared<IssueOptions>();
  auto* verb = cluster.add_subcommand("issue", R"(Makes a key and a certificate for a node.

Examples:
  gleaner cluster issue fetcher-a
  gleaner cluster issue coordinator-1 --host coordinator.internal,10.0.0.5

With --host it is for a coordinator, by the names and addresses at which
fetchers join it; without, for a fetcher. Neither can be used as the other.)");
  verb->add_option("name", options->name, "Name of the node, and of its files")->required();
  verb
    ->add_option("--host", options->hosts, "Name or address of a coordinator; several with commas")
    ->delimiter(',');
  verb->add_option("--folder", options->folder, "Folder of the CA, where the files go too")
    ->type_name("FOLDER")
    ->capture_default_str();
  verb->add_option("--days", options->days, "How long it is good for")
    ->capture_default_str()
    ->check(CLI::Range(1, 36500));
  verb->callback([&chosen, options] {
    chosen = [options](const CommandEnvironment&) { return issue(*options); };
  });
}

} // namespace

void add_certificate_commands(CLI::App& cluster, Command& chosen) {
  add_init_ca(cluster, chosen);
  add_issue(cluster, chosen);
}

} // namespace gleaner
