#include "tests/simulation/redis/lua_engine.hpp"

#include "tests/simulation/redis/lua_values.hpp"

#include <stdexcept>

/// Lua leaves C functions by longjmp when it meets an error, so no function here that may raise one
/// holds anything that has a destructor.
namespace gleaner::simulation {

namespace {

constexpr const char* scripts = "gleaner.scripts"; ///< In the registry: functions by their SHA.
const char call_key = 0; ///< Its address: in the registry, the Call of the script that runs.

const LuaEngine::Call& current_call(lua_State* lua) {
  lua_pushlightuserdata(lua, const_cast<char*>(&call_key));
  lua_rawget(lua, LUA_REGISTRYINDEX);
  const auto* call = static_cast<const LuaEngine::Call*>(lua_touserdata(lua, -1));
  lua_pop(lua, 1);
  return *call;
}

/// Leaves the answer on the stack; false when it is an error.
bool perform(lua_State* lua) {
  const auto& call = current_call(lua);
  std::vector<std::string> words;
  const auto answer = read_words(lua, words)
                        ? call(words)
                        : error("ERR Lua redis lib command arguments must be strings or integers");
  push_answer(lua, answer);
  return answer.value.kind != redis::RedisValue::Kind::error;
}

int redis_call(lua_State* lua) {
  return perform(lua) ? 1 : lua_error(lua);
}

int redis_pcall(lua_State* lua) {
  perform(lua);
  return 1;
}

int single_field(lua_State* lua, const char* field) {
  lua_createtable(lua, 0, 1);
  lua_pushvalue(lua, 1);
  lua_setfield(lua, -2, field);
  return 1;
}

int error_reply(lua_State* lua) {
  return single_field(lua, "err");
}

int status_reply(lua_State* lua) {
  return single_field(lua, "ok");
}

int log(lua_State*) {
  return 0;
}

int refuse_global(lua_State* lua) {
  return luaL_error(lua, "Script attempted to access nonexistent global variable '%s'",
                    lua_tostring(lua, 2));
}

int refuse_new_global(lua_State* lua) {
  return luaL_error(lua, "Attempt to modify a readonly table");
}

void register_redis(lua_State* lua) {
  const luaL_Reg functions[] = {
    {"call", redis_call},           {"pcall", redis_pcall}, {"error_reply", error_reply},
    {"status_reply", status_reply}, {"log", log},           {nullptr, nullptr}};
  luaL_register(lua, "redis", functions);
  lua_pop(lua, 1);
}

void seal_globals(lua_State* lua) {
  lua_createtable(lua, 0, 2);
  lua_pushcfunction(lua, refuse_global);
  lua_setfield(lua, -2, "__index");
  lua_pushcfunction(lua, refuse_new_global);
  lua_setfield(lua, -2, "__newindex");
  lua_setmetatable(lua, LUA_GLOBALSINDEX);
}

/// What is at the top of the stack, as Redis words it.
Answer error_of(lua_State* lua, const std::string& sha) {
  auto value = to_value(lua);
  if (value.kind == redis::RedisValue::Kind::error)
    return error(value.text + " script: " + sha + ", on @user_script.");
  return error("ERR " + value.text + " script: " + sha + ", on @user_script.");
}

} // namespace

LuaEngine::LuaEngine() : lua_(luaL_newstate()) {
  luaL_openlibs(lua_);
  if (luaL_dostring(lua_, "cjson = require 'cjson' KEYS = {} ARGV = {}") != 0)
    throw std::runtime_error{lua_tostring(lua_, -1)};
  register_redis(lua_);
  lua_newtable(lua_);
  lua_setfield(lua_, LUA_REGISTRYINDEX, scripts);
  seal_globals(lua_);
}

LuaEngine::~LuaEngine() {
  lua_close(lua_);
}

/// False with the compiler's complaint on the stack.
bool LuaEngine::push_script(const std::string& sha, const std::string& text) {
  lua_getfield(lua_, LUA_REGISTRYINDEX, scripts);
  lua_getfield(lua_, -1, sha.c_str());
  if (lua_isnil(lua_, -1)) {
    lua_pop(lua_, 1);
    if (luaL_loadbuffer(lua_, text.data(), text.size(), "@user_script") != 0)
      return false;
    lua_pushvalue(lua_, -1);
    lua_setfield(lua_, -3, sha.c_str());
  }
  return true;
}

void LuaEngine::set_global_list(const char* name, std::span<const std::string> words) {
  lua_pushstring(lua_, name);
  lua_createtable(lua_, static_cast<int>(words.size()), 0);
  int place = 0;
  for (const auto& word : words) {
    lua_pushlstring(lua_, word.data(), word.size());
    lua_rawseti(lua_, -2, ++place);
  }
  lua_rawset(lua_, LUA_GLOBALSINDEX);
}

Answer LuaEngine::run(const std::string& sha, const std::string& text,
                      std::span<const std::string> keys, std::span<const std::string> args,
                      const Call& call) {
  lua_settop(lua_, 0);
  lua_pushlightuserdata(lua_, const_cast<char*>(&call_key));
  lua_pushlightuserdata(lua_, const_cast<Call*>(&call));
  lua_rawset(lua_, LUA_REGISTRYINDEX);
  set_global_list("KEYS", keys);
  set_global_list("ARGV", args);
  if (!push_script(sha, text) || lua_pcall(lua_, 0, 1, 0) != 0)
    return error_of(lua_, sha);
  Answer answer;
  answer.value = to_value(lua_);
  return answer;
}

} // namespace gleaner::simulation
