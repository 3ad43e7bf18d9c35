using Decant.Teachers.Remote.Asking;

namespace Decant.Teachers.Remote.Synthesizing;

/// <summary>Counts what becomes of answers.</summary>
internal sealed class TallyCounter
{
    private const int MostReasons = 10;
    private const int LongestExample = 60;
    private readonly SortedDictionary<ListForm, int> _forms = [];
    private readonly SortedDictionary<AbstentionReason, int> _unusable = [];
    private readonly SortedDictionary<SetAside, int> _aside = [];
    private readonly List<string> _reasons = [];
    private readonly List<(long Input, long Output)> _write = [];
    private readonly List<(long Input, long Output)> _judge = [];
    private int _fromStore, _judgedFromStore, _written;
    private string? _example;

    /// <summary>Tokens of each request for texts.</summary>
    public IReadOnlyList<(long Input, long Output)> WriteTokens => _write;

    /// <summary>Tokens of each question to the judge.</summary>
    public IReadOnlyList<(long Input, long Output)> JudgeTokens => _judge;

    /// <summary>Elements of the lists.</summary>
    public int Written => _written;

    /// <summary>Counts an answer.</summary>
    public void Add(WrittenTexts answer)
    {
        _write.Add((answer.InputTokens, answer.OutputTokens));
        _fromStore += answer.IsFromStore ? 1 : 0;
        if (answer.Answers.Count > 0)
            Count(_forms, answer.List.Form);
        if (answer.Abstention is { } why)
        {
            Count(_unusable, why);
            _example ??= answer.Answers.FirstOrDefault(text => text.Length > 0) is { } text ? (text.Length > LongestExample ? text[..LongestExample] + "…" : text).ReplaceLineEndings(" ") : null;
        }

        _written += answer.List.Texts.Count + answer.List.NotTexts;
        for (var i = 0; i < answer.List.NotTexts; i++)
            Add(SetAside.NotText);
    }

    /// <summary>Counts a text that is set aside.</summary>
    public void Add(SetAside reason) => Count(_aside, reason);

    /// <summary>Counts a judgement.</summary>
    public void Add(Judgement judgement)
    {
        _judge.Add((judgement.InputTokens, judgement.OutputTokens));
        _judgedFromStore += judgement.IsFromStore ? 1 : 0;
        if (judgement.Keep is true)
            return;
        Add(judgement.Keep is false ? SetAside.JudgedOut : SetAside.Unjudged);
        if (judgement.Keep is false && judgement.Reason.Length > 0 && _reasons.Count < MostReasons)
            _reasons.Add(judgement.Reason);
    }

    /// <summary>All of it as it is now.</summary>
    public SynthesisTally Tally() => new()
    {
        Requests = _write.Count,
        FromStore = _fromStore,
        Forms = new SortedDictionary<ListForm, int>(_forms),
        Unusable = new SortedDictionary<AbstentionReason, int>(_unusable),
        UnusableExample = _example,
        Written = _written,
        SetAside = new SortedDictionary<SetAside, int>(_aside),
        Judged = _judge.Count,
        JudgedFromStore = _judgedFromStore,
        JudgeReasons = [.. _reasons],
        InputTokens = _write.Sum(t => t.Input),
        OutputTokens = _write.Sum(t => t.Output),
        JudgeInputTokens = _judge.Sum(t => t.Input),
        JudgeOutputTokens = _judge.Sum(t => t.Output),
    };

    private static void Count<T>(SortedDictionary<T, int> counts, T what)
        where T : notnull => counts[what] = counts.GetValueOrDefault(what) + 1;
}
