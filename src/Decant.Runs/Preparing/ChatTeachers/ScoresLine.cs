using Decant.Runs.Recipes.Schema;
using Decant.Signals;
using Decant.Teachers.Remote;
using Decant.Teachers.Remote.Limits;
using Decant.Teachers.Remote.Scoring;
using Decant.Text;

namespace Decant.Runs.Preparing.ChatTeachers;

/// <summary>The way to a model that scores what the student writes, with the budget of the run.</summary>
internal sealed class ScoresLine
{
    /// <summary>Where a recipe has it.</summary>
    public const string Path = "teacher.scores";

    private const int TrialTokens = 8;
    private readonly ScoresSection _section;
    private readonly ChatAsking _asking;
    private readonly RemoteEndpoint _endpoint;
    private readonly RequestBudget _budget;

    private ScoresLine(ScoresSection section, ChatAsking asking, IReadOnlyList<string> remarks)
    {
        (_section, _asking, _endpoint, Remarks) = (section, asking, ChatLine.EndpointOf(section, Path), remarks);
        OpenedEndpoint.Check(_endpoint, $"{Path}.");
        _budget = asking.Spending ?? ChatLine.BudgetOf(section);
    }

    /// <summary>The model and its host, for people.</summary>
    public string Name => $"{_endpoint.Model} at {_endpoint.Address.Host}";

    /// <summary>What was found out, for people.</summary>
    public IReadOnlyList<string> Remarks { get; private init; }

    /// <summary>The way to the model of a recipe. Where a run begins, it is asked about the first tokens of a text: whether it can score at all, and reads the same tokens.</summary>
    /// <param name="section">What the recipe says.</param>
    /// <param name="asking">How it is reached, and whether anything may be asked.</param>
    /// <param name="tokenizer">The tokenizer of the student.</param>
    /// <param name="texts">Texts of the data.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="DecantException">It is no address, or what <see cref="TokenScorer"/> throws.</exception>
    public static ScoresLine Of(ScoresSection section, ChatAsking asking, ITokenizer tokenizer, IEnumerable<string> texts, CancellationToken cancellationToken)
    {
        var line = new ScoresLine(section, asking, []);
        if (asking.MayAsk)
            line.Try(tokenizer, texts, cancellationToken);
        return new ScoresLine(section, asking with { Spending = line._budget },
        [
            asking.MayAsk ? $"The teacher is {line.Name}, which is asked about each text that the student writes, also in validations; nothing of it is stored, and of the teacher itself nothing is measured."
                : $"{line.Name} would be asked about each text that the student writes, also in validations; a check asks nothing, and its times are without the server's.",
            $"Terms of the teacher: {section.Terms}",
        ]);
    }

    /// <summary>The teacher, or what stands for it where nothing may be asked; the caller disposes it.</summary>
    /// <param name="tokenizer">The tokenizer of the student.</param>
    public ITeacher Open(ITokenizer tokenizer) => _asking.MayAsk ? Open(tokenizer, new() { Attempts = _section.Attempts }) : new UnaskedScores(tokenizer);

    private TokenScorer Open(ITokenizer tokenizer, RetryOptions retry) =>
        new(_endpoint, tokenizer, _section.Ask, new() { Rate = _section.Limit, Retry = retry, Budget = _budget }, _asking.Environment);

    // Without patience, so that a wrong key or a server that is not there is known at once.
    private void Try(ITokenizer tokenizer, IEnumerable<string> texts, CancellationToken cancellationToken)
    {
        using var scorer = Open(tokenizer, new() { Attempts = Math.Min(2, _section.Attempts), DownPatience = TimeSpan.Zero });
        if (texts.Select(text => tokenizer.Encode(text)).FirstOrDefault(ids => ids.Length > 1) is { } ids)
            Task.Run(() => scorer.ScoreAsync(ids[..Math.Min(TrialTokens, ids.Length)], cancellationToken), cancellationToken).GetAwaiter().GetResult();
    }
}
