#pragma once

#include "tests/simulation/redis/command.hpp"

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct lua_State;

namespace gleaner::simulation {

/// Redis's scripting: Lua 5.1 with redis.call and its like, and cjson. A script may change nothing
/// but what it asks commands for, so one engine serves any number of Redis servers in turn.
class LuaEngine {
public:
  using Call = std::function<Answer(Args)>; ///< Carries out what a script asks for.

  LuaEngine();
  ~LuaEngine();
  LuaEngine(const LuaEngine&) = delete;
  LuaEngine& operator=(const LuaEngine&) = delete;

  /// `sha` names the text, which is compiled once.
  Answer run(const std::string& sha, const std::string& text, std::span<const std::string> keys,
             std::span<const std::string> args, const Call& call);

private:
  bool push_script(const std::string& sha, const std::string& text);
  void set_global_list(const char* name, std::span<const std::string> words);

  lua_State* lua_;
};

} // namespace gleaner::simulation
