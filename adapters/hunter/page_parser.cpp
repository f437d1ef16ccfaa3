#include "adapters/hunter/page_parser.hpp"

#include "adapters/hunter/contact_reader.hpp"
#include "adapters/hunter/json_fields.hpp"
#include "core/normalize.hpp"
#include "core/unicode.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <new>
#include <string>
#include <utility>

namespace gleaner::hunter {

namespace {

using Entry = std::function<void(const RawContact&)>;
using Unreadable = std::function<void(const ContactReject&)>;

constexpr std::size_t smallest_buffer = 64 * 1024;
/// Buffers that a huge page made grow beyond this are not kept.
constexpr std::size_t largest_kept_buffer = 1024 * 1024;
/// The API sends at most 100; this many can't be a page.
constexpr std::uint32_t most_rows = 10'000;
constexpr std::size_t longest_header_text = 1024;

/// Reads one page. Its own findings are kept in `problem`, those about the JSON are error codes.
class PageReading {
public:
  PageReading(ContactReader& contact, const Entry& entry, const Unreadable& unreadable)
      : contact_(contact), entry_(entry), unreadable_(unreadable) {}

  Result<PageHeader> read(simdjson::simdjson_result<ondemand::document> document) {
    ondemand::document page;
    auto error = std::move(document).get(page);
    if (error == simdjson::SUCCESS)
      error = read_page(page);
    if (error == simdjson::SUCCESS && page.current_location().error() != simdjson::OUT_OF_BOUNDS)
      error = simdjson::TRAILING_CONTENT;
    if (error == simdjson::SUCCESS)
      find_missing();
    if (problem_.empty() && error != simdjson::SUCCESS)
      problem_ = std::string{"it is not JSON ("} + simdjson::error_message(error) + ")";
    if (problem_.empty())
      return std::move(header_);
    return Error{Errc::body_malformed,
                 "the API's answer is not the page that it documents: " + problem_};
  }

private:
  error_code fail(std::string problem) {
    problem_ = std::move(problem);
    return simdjson::INCORRECT_TYPE;
  }

  void find_missing() {
    if (!has_emails_)
      problem_ = "data.emails is missing";
    else if (!has_results_)
      problem_ = "meta.results is missing";
  }

  error_code read_page(ondemand::document& page) {
    ondemand::object object;
    const auto error = page.get_object().get(object);
    if (error == simdjson::INCORRECT_TYPE)
      return fail("it is no JSON object");
    if (error != simdjson::SUCCESS)
      return error;
    return for_each_field(object, [&](ondemand::raw_json_string key, ondemand::value& value) {
      if (key.unsafe_is_equal("data"))
        return read_part("data", has_data_, value, &PageReading::read_data);
      if (key.unsafe_is_equal("meta"))
        return read_part("meta", has_meta_, value, &PageReading::read_meta);
      if (key.unsafe_is_equal("errors"))
        return read_errors(value);
      return simdjson::SUCCESS;
    });
  }

  using FieldHandler = error_code (PageReading::*)(ondemand::raw_json_string, ondemand::value&);

  error_code read_part(const char* name, bool& seen, ondemand::value& value, FieldHandler handle) {
    if (std::exchange(seen, true))
      return fail(std::string{name} + " is there twice");
    ondemand::object object;
    if (value.get_object().get(object) != simdjson::SUCCESS)
      return fail(std::string{name} + " is no object");
    return for_each_field(object, [&](ondemand::raw_json_string key, ondemand::value& field) {
      return (this->*handle)(key, field);
    });
  }

  error_code read_data(ondemand::raw_json_string key, ondemand::value& value) {
    if (key.unsafe_is_equal("emails"))
      return read_emails(value);
    if (key.unsafe_is_equal("organization"))
      return read_header_text(value, header_.organization);
    if (key.unsafe_is_equal("pattern"))
      return read_header_text(value, header_.pattern);
    if (key.unsafe_is_equal("accept_all"))
      header_.accept_all = read_flag(value);
    else if (key.unsafe_is_equal("webmail"))
      header_.webmail = read_flag(value);
    else if (key.unsafe_is_equal("disposable"))
      header_.disposable = read_flag(value);
    return simdjson::SUCCESS;
  }

  error_code read_emails(ondemand::value& value) {
    if (std::exchange(has_emails_, true))
      return fail("data.emails is there twice");
    ondemand::array array;
    if (value.get_array().get(array) != simdjson::SUCCESS)
      return fail("data.emails is no array");
    return for_each_element(array, [&](ondemand::value& element) { return read_entry(element); });
  }

  error_code read_entry(ondemand::value& element) {
    if (++header_.rows > most_rows)
      return fail("data.emails has more than " + std::to_string(most_rows) + " entries");
    if (const auto error = contact_.read(element); error != simdjson::SUCCESS)
      return error;
    if (const auto& refusal = contact_.refusal())
      unreadable_(*refusal);
    else
      entry_(contact_.contact());
    return simdjson::SUCCESS;
  }

  /// What can't be stored is as good as not sent.
  static error_code read_header_text(ondemand::value& value, std::string& target) {
    std::string_view text;
    std::string_view reason;
    auto outcome = TextOutcome::null;
    if (const auto error = read_text(value, text, outcome); error != simdjson::SUCCESS)
      return error;
    target = outcome == TextOutcome::text ? clean_text(text, longest_header_text, reason) : "";
    return simdjson::SUCCESS;
  }

  error_code read_meta(ondemand::raw_json_string key, ondemand::value& value) {
    if (!key.unsafe_is_equal("results"))
      return simdjson::SUCCESS;
    if (std::exchange(has_results_, true))
      return fail("meta.results is there twice");
    double results = 0;
    if (value.get_double().get(results) != simdjson::SUCCESS || results < 0 ||
        results > std::numeric_limits<std::uint32_t>::max() || std::floor(results) != results)
      return fail("meta.results is no number of contacts");
    header_.total = static_cast<std::uint32_t>(results);
    return simdjson::SUCCESS;
  }

  /// Some answers have an empty list of errors beside the data; a filled one is a failure, whatever
  /// the status was.
  error_code read_errors(ondemand::value& value) {
    ondemand::array array;
    if (value.get_array().get(array) != simdjson::SUCCESS)
      return simdjson::SUCCESS;
    return for_each_element(array, [&](ondemand::value& element) {
      std::string_view id;
      if (element["id"].get_string().get(id) != simdjson::SUCCESS)
        id = "unknown";
      return fail("it reports the error " + quote(id));
    });
  }

  ContactReader& contact_;
  const Entry& entry_;
  const Unreadable& unreadable_;
  PageHeader header_;
  std::string problem_;
  bool has_data_ = false;
  bool has_meta_ = false;
  bool has_emails_ = false;
  bool has_results_ = false;
};

} // namespace

class PageParser::Impl {
public:
  Result<PageHeader> parse(const SharedBody& body, const Entry& entry,
                           const Unreadable& unreadable) {
    const auto text = padded(body);
    if (parser_.capacity() < text.length())
      if (parser_.allocate(std::max(smallest_buffer, std::bit_ceil(text.length()))) !=
          simdjson::SUCCESS)
        throw std::bad_alloc{};
    auto header = PageReading{contact_, entry, unreadable}.read(parser_.iterate(text));
    if (parser_.capacity() > largest_kept_buffer) {
      parser_ = ondemand::parser{};
      padded_ = {};
    }
    return header;
  }

private:
  /// The text without a byte order mark, in a buffer that simdjson may read beyond the end of.
  simdjson::padded_string_view padded(const SharedBody& body) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    auto text = body.view();
    auto capacity = body.capacity();
    if (capacity < text.size() + simdjson::SIMDJSON_PADDING) {
      padded_.reserve(text.size() + simdjson::SIMDJSON_PADDING);
      padded_.assign(text);
      text = padded_;
      capacity = padded_.capacity();
    }
    const auto skipped = text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
    return simdjson::padded_string_view{text.data() + skipped, text.size() - skipped,
                                        capacity - skipped};
  }

  ondemand::parser parser_;
  ContactReader contact_;
  std::string padded_;
};

PageParser::PageParser() : impl_(std::make_unique<Impl>()) {}
PageParser::~PageParser() = default;

Result<PageHeader> PageParser::parse(const SharedBody& body, const Entry& entry,
                                     const Unreadable& unreadable) {
  return impl_->parse(body, entry, unreadable);
}

PageReader page_reader() {
  return [parser = std::make_shared<PageParser>()](const SharedBody& body, const auto& entry,
                                                   const auto& unreadable) {
    return parser->parse(body, entry, unreadable);
  };
}

} // namespace gleaner::hunter
