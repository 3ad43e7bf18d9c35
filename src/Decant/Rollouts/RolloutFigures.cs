using System.Diagnostics;

namespace Decant.Rollouts;

/// <summary>What was written in an update, in numbers.</summary>
internal sealed class RolloutFigures
{
    private const int Repeated = 4; // tokens of a sequence that is looked for again

    private double _seconds;
    private long _texts, _tokens, _ended, _empty, _sequences, _repeated;

    public void Begin() => (_seconds, _texts, _tokens, _ended, _empty, _sequences, _repeated) = (0, 0, 0, 0, 0, 0, 0);

    /// <summary>Counts texts.</summary>
    public void Add(WrittenTexts texts, IReadOnlyList<int> stops, long began)
    {
        _seconds += Stopwatch.GetElapsedTime(began).TotalSeconds;
        foreach (var text in texts.Tokens)
        {
            var isEnded = stops.Contains(text[^1]);
            _texts++;
            _tokens += text.Length;
            _ended += isEnded ? 1 : 0;
            _empty += isEnded && text.Length == 1 ? 1 : 0;
            CountRepeated(text);
        }
    }

    /// <summary>By name; empty where nothing was written.</summary>
    public IReadOnlyDictionary<string, double> Of() => _texts == 0 ? new Dictionary<string, double>() : new Dictionary<string, double>
    {
        ["rollouts/length"] = (double)_tokens / _texts,
        ["rollouts/ended"] = (double)_ended / _texts,
        ["rollouts/empty"] = (double)_empty / _texts,
        ["rollouts/repeated"] = _sequences == 0 ? 0 : (double)_repeated / _sequences,
        ["rollouts/tokens-per-second"] = _seconds > 0 ? _tokens / _seconds : 0,
    };

    private void CountRepeated(int[] text)
    {
        var seen = new HashSet<(int, int, int, int)>();
        for (var i = 0; i + Repeated <= text.Length; i++)
        {
            _sequences++;
            _repeated += seen.Add((text[i], text[i + 1], text[i + 2], text[i + 3])) ? 0 : 1;
        }
    }
}
