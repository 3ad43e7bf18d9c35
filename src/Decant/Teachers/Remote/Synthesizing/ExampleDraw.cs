using Decant.Data;

namespace Decant.Teachers.Remote.Synthesizing;

/// <summary>Draws the examples of each request, by the seed and the request's number.</summary>
internal sealed class ExampleDraw
{
    private readonly ChatSynthesizerOptions _options;
    private readonly string[][] _byClass;

    /// <summary>A draw among examples.</summary>
    /// <exception cref="DecantException">An example is of a class that is none of the options'.</exception>
    public ExampleDraw(ChatSynthesizerOptions options, IReadOnlyList<SyntheticRow> examples)
    {
        _options = options;
        if (options.Classes.Count > 0 && examples.FirstOrDefault(e => e.Class is { } named && options.Classes.All(c => c.Name != named)) is { } unknown)
            throw new DecantException($"synthetic inputs: an example has the class '{unknown.Class}', which is not among the classes ({string.Join(", ", options.Classes.Select(c => c.Name).Take(10))}). Spell them as the examples do, and name all; or leave the examples' label out.");
        string[] Texts(Func<SyntheticRow, bool> of) => [.. examples.Where(of).Select(e => e.Text)];
        var unlabelled = Texts(e => e.Class is null);
        _byClass = options.Classes.Count == 0 ? [Texts(_ => true)] : [.. options.Classes.Select(c => Texts(e => e.Class == c.Name) is { Length: > 0 } own ? own : unlabelled)];
    }

    /// <summary>The examples of a request: different rows, in random order.</summary>
    public IReadOnlyList<string> Of(int @class, int number)
    {
        var all = _byClass[@class];
        var random = Rng.For((ulong)_options.Seed, (ulong)@class, (ulong)number);
        var places = new Dictionary<int, int>(); // of a shuffle, of which only the front is made
        var drawn = new string[Math.Min(_options.Shown, all.Length)];
        for (var i = 0; i < drawn.Length; i++)
        {
            var at = random.NextBetween(i, all.Length - 1);
            drawn[i] = all[places.GetValueOrDefault(at, at)];
            places[at] = places.GetValueOrDefault(i, i);
        }

        return drawn;
    }
}
