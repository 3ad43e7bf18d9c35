using Decant.Data.Duplicates;

namespace Decant.Teachers.Remote.Synthesizing;

/// <summary>The examples, the texts that passed so far, and what is held out: what no further text may repeat.</summary>
internal sealed class SeenTexts
{
    private readonly int _examples;
    private readonly List<string> _texts;
    private readonly OverlapIndex _seen;
    private readonly OverlapIndex? _heldOut;

    /// <summary>The examples, and what is held out.</summary>
    public SeenTexts(IReadOnlyList<SyntheticRow> examples, OverlapOptions duplicates, OverlapIndex? heldOut)
    {
        (_examples, _heldOut) = (examples.Count, heldOut);
        _texts = [.. examples.Select(e => e.Text)];
        _seen = new OverlapIndex(duplicates, row => _texts[row]);
        foreach (var text in _texts)
            _seen.Add(text);
    }

    /// <summary>How many texts there are, examples included.</summary>
    public int Count => _texts.Count;

    /// <summary>Why a text is set aside; null: it is new, and now among them.</summary>
    public SetAside? Fault(string text)
    {
        if (_seen.Find(text) is { } seen)
            return seen.Row < _examples ? SetAside.Example : seen.Kind == OverlapKind.Exact ? SetAside.Repeated : SetAside.NearRepeated;
        if (_heldOut?.Find(text) is { } held)
        {
            return held.Kind switch
            {
                OverlapKind.Exact => SetAside.HeldOut,
                OverlapKind.Near => SetAside.NearHeldOut,
                _ => SetAside.HeldOutPassage,
            };
        }

        _texts.Add(text);
        _seen.Add(text);
        return null;
    }
}
