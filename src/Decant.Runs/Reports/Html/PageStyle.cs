namespace Decant.Runs.Reports.Html;

/// <summary>The page's style: colours, type, tables.</summary>
internal static class PageStyle
{
    public const string Sheet = """
        :root{color-scheme:light dark;--bg:#fbfbf9;--card:#fff;--ink:#1c2127;--muted:#5c6671;--line:#e2e4e1;--grid:#e8eae7;
        --teacher:#6d7680;--student:#0b6cb8;--control:#c65310;--all-labels:#7b3fa6;--from-scratch:#8a6a00;--untrained:#4d7a5a;--helped:#0a7559;--hurt:#b0371a;--neutral:#56606a;--code:#f3f4f1}
        @media (prefers-color-scheme:dark){:root{--bg:#121518;--card:#191d21;--ink:#e6e9ea;--muted:#9aa4ad;--line:#2c3237;--grid:#262b30;
        --teacher:#a2abb3;--student:#58b0f2;--control:#f3a04c;--all-labels:#c79bf0;--from-scratch:#d9bd4a;--untrained:#8fc4a0;--helped:#4cc8a2;--hurt:#ff8b6c;--neutral:#a9b2ba;--code:#1e2328}}
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%}
        body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans","PingFang SC","Hiragino Sans GB","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC","WenQuanYi Micro Hei",sans-serif;font-variant-numeric:tabular-nums lining-nums}
        main{max-width:60rem;margin:0 auto;padding:3.5rem 1.5rem 3rem}
        h1{font-size:2.3rem;line-height:1.15;letter-spacing:-.015em;font-weight:650;margin:.3rem 0 .9rem;overflow-wrap:anywhere}
        h2{font-size:1.35rem;line-height:1.25;letter-spacing:-.01em;font-weight:650;margin:0 0 1.1rem;overflow-wrap:anywhere}
        h3{font-size:1rem;line-height:1.35;font-weight:600;margin:0 0 .6rem;overflow-wrap:anywhere}
        h3 small{font-weight:400;color:var(--muted);margin-left:.4em;white-space:nowrap}
        p{margin:0 0 1rem;max-width:46rem;overflow-wrap:anywhere}
        section{margin-top:3.5rem}
        figure{margin:0}
        .kicker{color:var(--muted);font-size:.875rem;margin:0}
        .kicker i{font-style:normal;opacity:.6;margin:0 .15em}
        .lede{font-size:1.2rem;line-height:1.5}
        .about{color:var(--muted);white-space:pre-line}
        .fine,figcaption{color:var(--muted);font-size:.85rem;line-height:1.5;max-width:46rem;margin:.7rem 0 0}
        .verdict{margin-top:2.2rem;background:var(--card);border:1px solid var(--line);border-left:6px solid var(--tone);border-radius:10px;padding:1.6rem 1.8rem;display:grid;grid-template-columns:minmax(0,1fr) 15.5rem;gap:1rem 2.6rem}
        .helped{--tone:var(--helped)}.hurt{--tone:var(--hurt)}.neutral{--tone:var(--neutral)}
        .word{color:var(--tone);font-weight:650;font-size:1.15rem;margin:0}
        .big{font-size:3.1rem;line-height:1.1;font-weight:680;letter-spacing:-.025em;margin:.25rem 0 .5rem}
        .why{margin:.9rem 0 0;font-size:1.02rem}
        .caution{margin:.9rem 0 0;font-weight:600;color:var(--hurt)}
        .tiles{list-style:none;margin:0;padding:0 0 0 1.8rem;border-left:1px solid var(--line);display:flex;flex-direction:column;justify-content:center;gap:1.15rem}
        .tiles b{display:block;font-size:1.5rem;line-height:1.2;font-weight:650;letter-spacing:-.01em}
        .tiles span{color:var(--muted);font-size:.88rem;line-height:1.4;display:block}
        .scroll{overflow-x:auto;-webkit-overflow-scrolling:touch}
        table{border-collapse:collapse;width:100%;font-size:.95rem}
        th,td{padding:.42rem .2rem .42rem 1.3rem;text-align:right;vertical-align:baseline;white-space:nowrap;font-weight:400}
        th:first-child{text-align:left;padding-left:0;white-space:normal}
        thead th{font-weight:600;border-bottom:1px solid var(--ink);padding-bottom:.5rem}
        tbody tr+tr>*{border-top:1px solid var(--grid)}
        tbody+tbody tr:first-child>*{border-top:1px solid var(--muted)}
        table small{color:var(--muted);font-size:.82em;font-weight:400}
        .figures .main{font-weight:600}.figures thead th{white-space:normal;vertical-align:bottom}.figures:not(.wide) tbody th{min-width:9.5rem}.wide td small{display:block}
        .wide{font-size:.88rem}.wide th,.wide td{padding-left:.7rem}.wide thead th{white-space:normal;vertical-align:bottom}.wide tbody th small{display:none}
        .ratio{color:var(--muted)}
        .mixups{width:auto;min-width:min(100%,46rem)}.mixups .name,.mixups thead th:nth-child(2){text-align:left;white-space:normal}
        .mixups th,.mixups .name{overflow-wrap:break-word;max-width:24rem}
        dl{margin:0;display:grid;gap:.55rem}
        dl div{display:grid;grid-template-columns:10.5rem minmax(0,1fr);gap:.2rem 1.2rem}
        dt{color:var(--muted)}dd{margin:0;overflow-wrap:anywhere}
        dl+h3,pre+h3{margin-top:1.8rem}
        pre{background:var(--code);border:1px solid var(--line);border-radius:8px;padding:.9rem 1.1rem;margin:0;overflow-x:auto;font:.84rem/1.55 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono","Noto Sans Mono CJK SC","WenQuanYi Micro Hei Mono",monospace;tab-size:2}
        .command{white-space:pre-wrap;overflow-wrap:anywhere}
        .notes{margin:0;padding-left:1.2rem;max-width:46rem}.notes li{margin:.3rem 0;overflow-wrap:anywhere}
        footer{margin-top:3.5rem;padding-top:1rem;border-top:1px solid var(--line);color:var(--muted);font-size:.82rem}
        @media (max-width:720px){main{padding:2rem 1.1rem}h1{font-size:1.8rem}.lede{font-size:1.08rem}.big{font-size:2.5rem}section{margin-top:2.8rem}
        .verdict{grid-template-columns:minmax(0,1fr);padding:1.2rem 1.2rem 1.3rem}.tiles{border-left:0;border-top:1px solid var(--line);padding:1.1rem 0 0;gap:.8rem}
        table{font-size:.86rem}th,td{padding-left:.8rem}.figures th small{display:none}.figures td small{display:block}dl div{grid-template-columns:minmax(0,1fr)}dl{gap:.8rem}}
        @media print{:root{--bg:#fff}html{font-size:12px}body{font-size:1rem}.scroll{overflow:visible}.mixups{width:100%}.mixups th,.mixups .name{overflow-wrap:anywhere}main{max-width:none;padding:0}section{margin-top:1.8rem}.verdict,figure.chart,.heat,.calibration,.row,tr,.samples li{break-inside:avoid}.fine,figcaption{break-before:avoid}h2,h3{break-after:avoid}
        pre{white-space:pre-wrap;overflow-wrap:anywhere}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}

        """;
}
