namespace Decant.Runs.Reports.Html;

/// <summary>The pictures' style; every arm keeps its colour and its shape in all of them.</summary>
internal static class ChartStyle
{
    public const string Sheet = """
        .teacher{--arm:var(--teacher)}.student{--arm:var(--student)}.control{--arm:var(--control)}.all-labels{--arm:var(--all-labels)}.from-scratch{--arm:var(--from-scratch)}.untrained{--arm:var(--untrained)}
        .key{display:flex;flex-wrap:wrap;gap:.1rem 1.2rem;font-size:.85rem;color:var(--muted);margin:0 0 .7rem}
        .dot{display:inline-block;width:10px;height:10px;border-radius:50%;background:var(--arm);margin-right:.45em;vertical-align:.02em}
        .dot.control{background:none;border:2px solid var(--arm)}
        .dot.all-labels{border-radius:2px}.dot.from-scratch{border-radius:2px;background:none;border:2px solid var(--arm)}.dot.untrained{border-radius:2px;transform:rotate(45deg) scale(.8)}
        .dot.teacher{border-radius:1px;width:4px;margin-left:3px;margin-right:calc(.45em + 3px);height:.9em;vertical-align:-.06em}
        .dash{display:inline-block;width:1.5em;border-top:3px solid var(--arm);margin-right:.5em;vertical-align:.26em}
        .dash.all-labels{border-top:5px double var(--arm)}.dash.from-scratch{border-top-style:dotted}
        .dash.control{border-top-style:dashed}.dash.teacher{border-top:2px dotted var(--arm)}
        .charts{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:2.4rem 2.4rem}
        .charts .wide{grid-column:1/-1}
        .plot{display:grid;grid-template-columns:3.1rem minmax(0,1fr);grid-template-rows:var(--tall,12rem) 2.5rem}
        .wide{--tall:17rem}.small{--tall:8rem}.square{--tall:12.5rem}
        .plot svg{grid-column:2;grid-row:1;width:100%;height:100%;overflow:visible;border-bottom:1px solid var(--muted);display:block}
        .plot .y{position:relative;font-size:.76rem;color:var(--muted)}
        .plot .y span{position:absolute;right:.55rem;transform:translateY(50%);line-height:1;white-space:nowrap}
        .names{grid-column:2;grid-row:1;position:relative;font-size:.76rem;pointer-events:none}
        .names span{position:absolute;line-height:1;white-space:nowrap;transform:translate(.55rem,50%)}.names .before{transform:translate(calc(-100% - .55rem),50%)}.names .below{transform:translate(-50%,calc(100% + .45rem))}.names .above{transform:translate(-50%,-.45rem)}
        .x{position:relative;font-size:.76rem;color:var(--muted);height:2.4rem}
        .plot .x{grid-column:2}
        .x span{position:absolute;top:.35rem;transform:translateX(-50%);line-height:1;white-space:nowrap}
        .x b{position:absolute;right:0;top:1.45rem;font-weight:400;line-height:1}
        path{fill:none;vector-effect:non-scaling-stroke}
        .grid{stroke:var(--grid);stroke-width:1}
        .line{stroke:var(--arm);stroke-width:2.4;stroke-linejoin:round;stroke-linecap:round}
        .line.control{stroke-dasharray:7 5}.line.all-labels{stroke-dasharray:12 4 2 4}.line.from-scratch{stroke-dasharray:2 5}
        .line.teacher{stroke-width:2;stroke-dasharray:1 5}.small .line.teacher{stroke-dasharray:none}
        .line.thin{stroke-width:1;opacity:.4;stroke-dasharray:none}
        .mark{stroke:var(--arm);stroke-width:7;stroke-linecap:round}
        .diagonal{stroke:var(--ink);stroke-width:1.2;stroke-dasharray:1 4;stroke-linecap:round;opacity:.8}
        .bar{fill:var(--arm);opacity:.82}.bar.weak{opacity:.28}.count{fill:var(--muted);opacity:.4}
        .three{display:grid;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr));gap:1.6rem 2rem}
        .fine+.three{margin-top:1.4rem}.three figure{max-width:19rem}.three h3{margin-left:3.1rem;font-weight:500}.three figcaption{margin:.1rem 0 0 3.1rem}
        .three .x b{right:auto;left:0;width:100%;text-align:center}
        .interval{max-width:30rem;margin:0 .6rem}.interval svg{display:block;overflow:visible}
        .interval .x{height:1.4rem}.interval .x span{top:.1rem}
        .axis{stroke:var(--line);stroke-width:1.5}.zero{stroke:var(--muted);stroke-width:1.5}
        .reach{stroke:var(--tone);stroke-width:5;stroke-linecap:round;opacity:.45}.interval circle{fill:var(--tone);stroke:var(--card);stroke-width:2}
        section>figure,.calibration,.samples{margin-top:2.4rem}
        section>figure h3:not(:first-child){margin-top:2.2rem}
        .rows{--name:minmax(2rem,var(--wish))}
        .row{display:grid;grid-template-columns:var(--name) minmax(0,1fr) 3.2rem;gap:0 1rem;align-items:center;font-size:.88rem;min-height:1.62rem}
        .row span:first-child{overflow:hidden;text-overflow:ellipsis;white-space:nowrap;text-align:right}
        .row b{font-weight:500;text-align:right}.row.head{color:var(--muted);min-height:1.4rem}.row .x{height:1.2rem}
        .row svg{overflow:visible;display:block}
        .row circle{fill:var(--arm);stroke:var(--bg);stroke-width:1.5}.row circle.control{fill:var(--bg);stroke:var(--arm);stroke-width:2.2}
        .row rect{fill:var(--arm);stroke:var(--bg);stroke-width:1.5}.row rect.from-scratch{fill:var(--bg);stroke:var(--arm);stroke-width:2.2}
        .tick{stroke:var(--arm);stroke-width:3}.join{stroke:var(--muted);stroke-width:2;opacity:.55}
        .row .axis{stroke:var(--grid);stroke-width:1}.more{text-align:center;max-width:none;color:var(--muted);font-size:.82rem;margin:.5rem 0}
        .heat{display:grid;grid-template-columns:fit-content(12rem) minmax(calc(var(--n)*15px),calc(var(--n)*46px));gap:.3rem .6rem;font-size:.78rem;min-width:min-content}
        .labels{display:grid;grid-auto-rows:var(--h);text-align:right;min-width:0}
        .labels span{overflow:hidden;text-overflow:ellipsis;white-space:nowrap;line-height:var(--h);max-width:12rem}
        .answers{display:flex}
        .heat .answers{grid-column:2;align-items:flex-start}
        .heat .answers span{flex:1 1 0;min-width:0;writing-mode:vertical-rl;line-height:1;display:flex;align-items:center}
        .heat .answers.lying span{writing-mode:horizontal-tb;justify-content:center;line-height:1.4}.heat .answers.lying bdi{padding:0}
        .heat .answers bdi{max-height:8.5rem;padding-bottom:.8em;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
        .heat svg{display:block}.heat .ground{fill:var(--card);stroke:var(--line)}
        .heat rect.right,.box.right{fill:var(--student);background:var(--student)}.heat rect.wrong,.box.wrong{fill:var(--control);background:var(--control)}
        .box{display:inline-block;width:.8em;height:.8em;border-radius:2px;vertical-align:-.05em}
        .heat text{font-size:.72rem;text-anchor:middle;fill:var(--ink)}.heat text.strong{fill:var(--bg)}
        .samples{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,21rem),1fr));gap:2rem 2.4rem}
        .samples ul{list-style:none;margin:0;padding:0}
        .texts li{border-top:1px solid var(--line);padding:.8rem 0}
        blockquote{margin:0 0 .45rem;font-size:.95rem;line-height:1.5;overflow-wrap:anywhere;white-space:pre-line}
        .samples .answers{flex-wrap:wrap;gap:.15rem .9rem;font-size:.8rem;color:var(--muted);margin:0}
        .samples .answers span{overflow-wrap:anywhere}.truth{color:var(--ink);font-weight:600}
        .pictures{display:grid;grid-template-columns:repeat(auto-fill,minmax(7.4rem,1fr));gap:1.2rem}
        .pictures img{width:5.2rem;height:auto;image-rendering:pixelated;border:1px solid var(--line);border-radius:4px;display:block;margin-bottom:.4rem;background:#000}
        .pictures .answers{flex-direction:column;gap:0}
        @media (max-width:720px){.charts{grid-template-columns:minmax(0,1fr);gap:2rem}.wide{--tall:13rem}.plot{grid-template-columns:2.7rem minmax(0,1fr)}
        .rows{--name:minmax(2rem,min(var(--wish),7.5rem))}.row{font-size:.8rem;gap:0 .6rem;grid-template-columns:var(--name) minmax(0,1fr) 2.7rem}.heat{grid-template-columns:fit-content(7rem) minmax(calc(var(--n)*14px),1fr)}.labels span{max-width:7rem}}

        """;
}
