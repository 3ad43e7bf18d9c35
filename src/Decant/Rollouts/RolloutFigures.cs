using System.Diagnostics;

namespace Decant.Rollouts;

/// <summary>What was written in an update, in numbers.</summary>
internal sealed class RolloutFigures
{
    private RepeatedSequences _repeated = new();
    private double _seconds;
    private long _texts, _tokens, _ended, _empty;

    public void Begin() => (_repeated, _seconds, _texts, _tokens, _ended, _empty) = (new(), 0, 0, 0, 0, 0);

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
            _repeated.Add(text);
        }
    }

    /// <summary>By name; empty where nothing was written.</summary>
    public IReadOnlyDictionary<string, double> Of() => _texts == 0 ? new Dictionary<string, double>() : new Dictionary<string, double>
    {
        ["rollouts/length"] = (double)_tokens / _texts,
        ["rollouts/ended"] = (double)_ended / _texts,
        ["rollouts/empty"] = (double)_empty / _texts,
        ["rollouts/repeated"] = _repeated.Share,
        ["rollouts/tokens-per-second"] = _seconds > 0 ? _tokens / _seconds : 0,
    };
}
