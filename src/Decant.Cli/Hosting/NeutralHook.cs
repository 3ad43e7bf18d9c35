using Spectre.Console;
using Spectre.Console.Rendering;

namespace Decant.Cli.Hosting;

/// <summary>Makes the text in everything that a console draws neutral; the sequences that draw it stay.</summary>
internal sealed class NeutralHook : IRenderHook
{
    public IEnumerable<IRenderable> Process(RenderOptions options, IEnumerable<IRenderable> renderables) => renderables.Select(r => new NeutralRenderable(r));

    private sealed class NeutralRenderable(IRenderable inner) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => inner.Measure(options, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
            inner.Render(options, maxWidth).Select(s => s.IsControlCode || s.IsLineBreak ? s : new Segment(TerminalText.Neutral(s.Text), s.Style));
    }
}
