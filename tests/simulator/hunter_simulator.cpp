#include "tests/simulator/hunter_simulator.hpp"

#include "tests/simulator/admin.hpp"
#include "tests/simulator/http_session.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <future>
#include <stdexcept>
#include <thread>

namespace gleaner::sim {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

/// Accepts connections for the simulator until its context ends.
class Listener {
public:
  Listener(asio::io_context& context, SimState& state, std::uint16_t port, bool redirect_target)
      : state_(state), acceptor_(context), retry_(context), redirect_target_(redirect_target) {
    const tcp::endpoint here{asio::ip::address_v4::loopback(), port};
    try {
      acceptor_.open(here.protocol());
      acceptor_.set_option(tcp::acceptor::reuse_address(true));
      acceptor_.bind(here);
      acceptor_.listen(4096);
    } catch (const boost::system::system_error& problem) {
      throw std::runtime_error("can't listen on 127.0.0.1:" + std::to_string(port) + ": " +
                               problem.code().message() + "; choose another --port, or 0");
    }
    accept();
  }

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

private:
  void accept() {
    acceptor_.async_accept([this](error_code error, tcp::socket socket) {
      if (error == asio::error::operation_aborted)
        return;
      if (!error) {
        serve_connection(std::move(socket), state_, redirect_target_);
        return accept();
      }
      // Out of descriptors, most likely: some will be closed soon.
      retry_.expires_after(std::chrono::milliseconds{20});
      retry_.async_wait([this](error_code cancelled) {
        if (!cancelled)
          accept();
      });
    });
  }

  SimState& state_;
  tcp::acceptor acceptor_;
  asio::steady_timer retry_;
  bool redirect_target_;
};

} // namespace

struct HunterSimulator::Running {
  explicit Running(const SimulatorOptions& options)
      : state(options), main(context, state, options.port, false),
        redirect_target(context, state, 0, true) {
    state.redirect_port = redirect_target.port();
    thread = std::thread([this] { context.run(); });
  }
  ~Running() {
    context.stop();
    thread.join();
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  SimState state; ///< Outlives the sessions, which the context owns.
  asio::io_context context{1};
  Listener main;
  Listener redirect_target;
  std::thread thread;
};

HunterSimulator::HunterSimulator() = default;
HunterSimulator::~HunterSimulator() = default;

std::uint16_t HunterSimulator::start(const SimulatorOptions& options) {
  running_ = std::make_unique<Running>(options);
  return port();
}

void HunterSimulator::stop() {
  running_.reset();
}

std::uint16_t HunterSimulator::port() const noexcept {
  return running_ ? running_->main.port() : std::uint16_t{0};
}

std::string HunterSimulator::api_url() const {
  return "http://127.0.0.1:" + std::to_string(port()) + "/v2";
}

Json HunterSimulator::admin(std::string_view method, std::string_view target,
                            std::string_view body) {
  std::promise<Answer> promise;
  asio::post(running_->context, [&] {
    Request request;
    const auto mark = std::min(target.find('?'), target.size());
    request.method = method;
    request.path = target.substr(0, mark);
    request.query = target.substr(std::min(mark + 1, target.size()));
    request.body = body;
    promise.set_value(admin_answer(running_->state, request));
  });
  const auto answer = promise.get_future().get();
  if (answer.status != 200)
    throw std::runtime_error(*answer.body);
  return Json::parse(*answer.body);
}

} // namespace gleaner::sim
