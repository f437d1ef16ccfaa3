#include "tests/simulator/people_words.hpp"

#include <string>
#include <vector>

namespace gleaner::sim {

const std::array<Name, 48> first_names{{
  {"Mara", "mara"},     {"Jonas", "jonas"},   {"Zoë", "zoe"},          {"Tomas", "tomas"},
  {"Ines", "ines"},     {"Pavel", "pavel"},   {"Łucja", "lucja"},      {"Henrik", "henrik"},
  {"Aisha", "aisha"},   {"Bruno", "bruno"},   {"Renée", "renee"},      {"Oskar", "oskar"},
  {"Carla", "carla"},   {"Dmitri", "dmitri"}, {"Søren", "soren"},      {"Elif", "elif"},
  {"Farid", "farid"},   {"Greta", "greta"},   {"Мария", "maria"},      {"Hugo", "hugo"},
  {"Ivana", "ivana"},   {"Joel", "joel"},     {"美咲", "misaki"},      {"Kira", "kira"},
  {"Leon", "leon"},     {"Nadia", "nadia"},   {"José", "jose"},        {"Olga", "olga"},
  {"Peter", "peter"},   {"Quinn", "quinn"},   {"Ömer", "oemer"},       {"Rosa", "rosa"},
  {"Stefan", "stefan"}, {"Tara", "tara"},     {"Čeda", "ceda"},        {"Uwe", "uwe"},
  {"Vera", "vera"},     {"Wim", "wim"},       {"Anne-Lie", "annelie"}, {"Xenia", "xenia"},
  {"Yusuf", "yusuf"},   {"Zita", "zita"},     {"Μαίρη", "mairi"},      {"Alan", "alan"},
  {"Birgit", "birgit"}, {"Cyril", "cyril"},   {"Dalia", "dalia"},      {"Emil", "emil"},
}};

const std::array<Name, 64> last_names{{
  {"Lind", "lind"},
  {"Bergmann", "bergmann"},
  {"Kowalski", "kowalski"},
  {"Ferreira", "ferreira"},
  {"Nguyen", "nguyen"},
  {"Okafor", "okafor"},
  {"Müller", "mueller"},
  {"Rossi", "rossi"},
  {"Haddad", "haddad"},
  {"Novak", "novak"},
  {"O'Brien", "obrien"},
  {"Larsen", "larsen"},
  {"Petrov", "petrov"},
  {"Silva", "silva"},
  {"Tanaka", "tanaka"},
  {"Weber", "weber"},
  {"Åkesson", "akesson"},
  {"Bauer", "bauer"},
  {"Castillo", "castillo"},
  {"Dubois", "dubois"},
  {"Eriksen", "eriksen"},
  {"Fontaine", "fontaine"},
  {"García", "garcia"},
  {"Horvat", "horvat"},
  {"Ivanov", "ivanov"},
  {"Jensen", "jensen"},
  {"Kaya", "kaya"},
  {"Lopez", "lopez"},
  {"Marchetti", "marchetti"},
  {"Nilsson", "nilsson"},
  {"Olsen", "olsen"},
  {"Papadakis", "papadakis"},
  {"Quist", "quist"},
  {"Ricci", "ricci"},
  {"Sørensen", "sorensen"},
  {"Toth", "toth"},
  {"Ullmann", "ullmann"},
  {"Vargas", "vargas"},
  {"Wagner", "wagner"},
  {"Xu", "xu"},
  {"Yilmaz", "yilmaz"},
  {"Zeman", "zeman"},
  {"Almeida", "almeida"},
  {"Bianchi", "bianchi"},
  {"Costa", "costa"},
  {"de la Cruz", "delacruz"},
  {"Ek", "ek"},
  {"Fischer", "fischer"},
  {"Grønn", "gronn"},
  {"Hansen", "hansen"},
  {"Iqbal", "iqbal"},
  {"Janssen", "janssen"},
  {"Keller", "keller"},
  {"Lehtonen", "lehtonen"},
  {"Moreau", "moreau"},
  {"Nagy", "nagy"},
  {"Ortiz", "ortiz"},
  {"Pereira", "pereira"},
  {"Roth", "roth"},
  {"Straub", "straub"},
  {"Tran", "tran"},
  {"Vogel", "vogel"},
  {"Wolf", "wolf"},
  {"Zhang", "zhang"},
}};

const std::array<Position, 24> positions{{
  {"Head of Sales", "Head of Sales, Nordics"},
  {"Chief Technology Officer", "CTO & Co-Founder"},
  {"Marketing Manager", "Marketing Manager (EMEA)"},
  {"Software Engineer", "Senior Software Engineer, Platform"},
  {"Accountant", "Accountant / Payroll"},
  {"Chief Executive Officer", "Founder and CEO"},
  {"Support Specialist", "Support Specialist \\\"Tier 2\\\""},
  {"HR Business Partner", "HR Business Partner \\u0026 Recruiter"},
  {"Legal Counsel", "Legal Counsel, Compliance"},
  {"Product Designer", "Product Designer \\u2013 Mobile"},
  {"Operations Director", "Director of Operations"},
  {"Press Officer", "Press Officer"},
  {"Sales Representative", "Inside Sales Representative"},
  {"Data Analyst", "Data Analyst, Business Intelligence"},
  {"Geschäftsführer", "Geschäftsführer (Vertrieb)"},
  {"Teacher", "Teacher of Mathematics"},
  {"Nurse", "Registered Nurse"},
  {"Chief Financial Officer", "CFO"},
  {"Customer Success Manager", "Customer Success Manager\\/Onboarding"},
  {"Responsable commercial", "Responsable commercial \\u00cele-de-France"},
  {"Intern", "Intern"},
  {"Warehouse Manager", "Warehouse Manager"},
  {"Purchasing Agent", "Purchasing Agent, Metals"},
  {"Research Fellow", "Research Fellow"},
}};

const std::array<std::string_view, 14> departments{
  "executive", "it",        "finance",       "management", "sales",  "legal",  "support",
  "hr",        "marketing", "communication", "education",  "design", "health", "operations"};

const std::array<std::string_view, 3> seniorities{"junior", "senior", "executive"};

const std::array<std::string_view, 16> roles{
  "info",    "sales", "support", "contact", "hello",   "jobs",      "press",  "office",
  "billing", "team",  "service", "admin",   "privacy", "marketing", "orders", "webmaster"};

const std::array<std::string_view, 8> source_paths{"team",
                                                   "about/people",
                                                   "contact",
                                                   "imprint.html",
                                                   "news/2025/annual-meeting",
                                                   "blog/?page=3\\u0026lang=en",
                                                   "downloads/brochure.pdf",
                                                   "events/spring-conference/speakers"};

const std::array<std::string_view, 8> source_hosts{
  "directory.example.com", "fair-exhibitors.example", "chamber.example.org", "talks.example.net",
  "papers.example.edu",    "jobs.example.com",        "news.example.org",    "code.example.net"};

std::string_view day(std::uint32_t number) {
  static const auto texts = [] {
    std::vector<std::string> out;
    constexpr int days_in[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const auto two = [](int n) { return (n < 10 ? "-0" : "-") + std::to_string(n); };
    for (int month = 0; out.size() < days; ++month)
      for (int d = 1; d <= days_in[month % 12] && out.size() < days; ++d)
        out.push_back(std::to_string(2024 + month / 12) + two(month % 12 + 1) + two(d));
    return out;
  }();
  return texts[number % days];
}

} // namespace gleaner::sim
