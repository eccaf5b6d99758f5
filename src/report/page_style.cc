// The style sheet and the frame of a page.
#include "report/page_style.h"

#include "report/svg.h"

namespace meterhound::report {
namespace {

constexpr std::string_view kStyle = R"css(
:root{--ink:#1b1f24;--soft:#5b6570;--paper:#fff;--panel:#f5f6f8;--line:#dfe3e8;--accent:#0b63b0;--band:#0b63b026;
--reading:#9bb4cc;--change:#c2410c;--range:#c2410c22;--gap:#8b95a133;--raises:#c2410c;--lowers:#0f766e;--warn:#92600a;--warnpaper:#fff7e0}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ed;--soft:#9aa5b1;--paper:#14181d;--panel:#1d232a;--line:#323b45;--accent:#6cb2f5;
--band:#6cb2f533;--reading:#4a6885;--change:#fb923c;--range:#fb923c2b;--gap:#8b95a140;--raises:#fb923c;--lowers:#2dd4bf;--warn:#f5c451;--warnpaper:#2c2613}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
main,header,footer{max-width:1080px;margin:0 auto;padding:0 20px}
header{padding-top:32px}h1{font-size:1.9rem;line-height:1.2;margin:0 0 4px}h2{font-size:1.35rem;margin:44px 0 12px}
h3{font-size:1.05rem;margin:20px 0 6px}p{margin:8px 0;max-width:75ch}
.note,figcaption,caption,footer{color:var(--soft);font-size:.88rem}
.lead{font-size:1.12rem}
.banner{background:var(--warnpaper);border:1px solid var(--warn);border-radius:8px;padding:10px 16px;margin:16px 0;max-width:none}.banner li{overflow-wrap:anywhere}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(155px,1fr));gap:12px;margin:22px 0}
.tile{background:var(--panel);border-radius:10px;padding:14px 16px}.tile b{display:block;font-size:1.65rem;line-height:1.2}
.tile span{color:var(--soft);font-size:.88rem}
table{border-collapse:collapse;width:100%;font-size:.93rem}th,td{padding:7px 9px;text-align:left;border-bottom:1px solid var(--line);vertical-align:middle}
thead th{color:var(--soft);font-weight:600;font-size:.85rem}caption{text-align:left;padding:4px 0}
.number,th.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.date{white-space:nowrap}.scroll{overflow-x:auto}.id{font-family:ui-monospace,"Liberation Mono",monospace;font-size:.86em;overflow-wrap:anywhere}
a{color:var(--accent)}a:focus-visible,summary:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.tier{display:inline-block;border-radius:999px;padding:1px 10px;font-size:.82rem;border:1px solid var(--line)}
.tier.high{background:var(--change);border-color:var(--change);color:var(--paper);font-weight:600}.tier.medium{border-color:var(--change);color:var(--change)}
.case{border:1px solid var(--line);border-radius:12px;padding:18px 20px;margin:18px 0}
.case>h3,.case summary h3{margin:0;font-size:1.12rem}.case summary{cursor:pointer}.case summary h3{display:inline}
.columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(290px,1fr));gap:6px 28px}.columns h4{margin:12px 0 4px;font-size:.95rem}
ul,ol{margin:4px 0;padding-left:20px}li{margin:3px 0}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(230px,1fr));gap:18px}figure{margin:0}
svg{display:block;width:100%;height:auto;overflow:visible}td svg{min-width:110px;max-width:210px}
.bars th{font-weight:400;width:62%}.bars td,.bars th{padding:3px 6px;border:0}.bars caption{font-weight:600;color:var(--ink);font-size:.95rem}
.label{font-size:12px;fill:var(--soft)}.strong{fill:var(--ink);font-weight:600}
.grid{stroke:var(--line);stroke-width:1}.axis{stroke:var(--soft);stroke-width:1}
.reading{fill:none;stroke:var(--reading);stroke-width:1}.clear{stroke:var(--accent);stroke-width:1.8}.dot{fill:var(--reading)}.smooth{fill:none;stroke:var(--accent);stroke-width:2}
.band{fill:var(--band);stroke:none}.level{stroke:var(--soft);stroke-width:1.5;stroke-dasharray:6 4}
.change{stroke:var(--change);stroke-width:2}.range{fill:var(--range)}.gap{fill:var(--gap)}.cut{fill:var(--soft)}
.raises{fill:var(--raises)}.lowers{fill:var(--lowers)}.interval{stroke:var(--accent);stroke-width:2}.point{fill:var(--accent)}
.bar{fill:var(--accent)}
.severity{font-weight:600}.severity.warning{color:var(--warn)}.severity.error{color:var(--change)}
dl{display:grid;grid-template-columns:auto 1fr;gap:2px 14px;font-size:.93rem}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
footer{margin-top:48px;padding-bottom:40px;border-top:1px solid var(--line);padding-top:14px}
@media(max-width:640px){.wide{display:none}h1{font-size:1.5rem}.case{padding:14px 12px}th,td{padding:6px 5px}}
@media print{:root{--ink:#000;--soft:#444;--paper:#fff;--panel:#f3f3f3;--line:#ccc;--accent:#0b4f8a;--band:#0b4f8a26;--reading:#9bb4cc;--change:#b03a08;
--range:#b03a0822;--gap:#8883;--raises:#b03a08;--lowers:#0f766e;--warnpaper:#fff;--warn:#444}body{font-size:10.5pt}.case,figure,tr{break-inside:avoid}h2,h3{break-after:avoid}
a{color:inherit;text-decoration:none}.scroll{overflow:visible}table{font-size:8pt}thead th{font-size:7.5pt}th,td{padding:3px 4px}
.tier{font-size:7.5pt}td .id,td.id{font-size:6.5pt;white-space:nowrap}td svg{min-width:0;width:130px}}
)css";

}  // namespace

std::string Page(std::string_view title, std::string_view body, std::string_view language) {
  std::string page = "<!DOCTYPE html>\n<html lang=\"" + std::string(language) + "\"><head><meta charset=\"utf-8\">";
  page +=
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src "
      "data:\">";
  page +=
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><meta name=\"color-scheme\" "
      "content=\"light dark\">";
  page += "<title>" + Escape(title) + "</title><style>";
  page += kStyle;
  page += "</style></head>\n<body>\n";
  page += body;
  page += "\n</body></html>\n";
  return page;
}

}  // namespace meterhound::report
