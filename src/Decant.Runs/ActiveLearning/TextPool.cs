using Decant.Data;
using Decant.Runs.Preparing.ChatTeachers;

namespace Decant.Runs.ActiveLearning;

/// <summary>The training texts, from which rounds choose.</summary>
internal sealed class TextPool
{
    private readonly Dictionary<string, string> _texts = []; // by key
    private readonly List<string> _labelled = [];

    /// <summary>The texts of a split, each once.</summary>
    /// <param name="train">The split.</param>
    /// <param name="takesLabelled">Whether those that have a label are asked about first, where others have none: control and calibration learn from them.</param>
    public TextPool(Dataset train, bool takesLabelled)
    {
        foreach (var (i, text) in ChatClasses.Texts(train).Index())
        {
            var key = ChosenTexts.KeyOf(text);
            if (_texts.TryAdd(key, text) && takesLabelled && train.LabelledCount < train.Count && train.IsLabelled(i))
                _labelled.Add(key);
        }

        Classes = train.Classes;
    }

    /// <summary>How many texts there are.</summary>
    public int Count => _texts.Count;

    /// <summary>The classes.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The texts of a first round, by key: drawn by their hashes, which are random and the same each time.</summary>
    /// <param name="count">How many at least; all that are labelled are among them.</param>
    public IReadOnlyList<string> First(int count) => [.. _labelled.Concat(_texts.Keys.Order(StringComparer.Ordinal)).Distinct().Take(Math.Max(count, _labelled.Count))];

    /// <summary>The texts that are not among these, in the order of their keys.</summary>
    public IReadOnlyList<string> Without(IReadOnlySet<string> keys) => [.. _texts.Where(t => !keys.Contains(t.Key)).OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => t.Value)];
}
