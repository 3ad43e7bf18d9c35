using System.Security.Cryptography;
using System.Text;
using Decant.Data;
using Decant.Data.Splitting;
using Decant.Runs.Recipes.Schema;
using Decant.Teachers.Remote;
using Decant.Teachers.Remote.Classifying;
using Decant.Teachers.Remote.Limits;
using Decant.Teachers.Remote.Storing;
using Microsoft.Extensions.AI;

namespace Decant.Runs.Preparing.ChatTeachers;

/// <summary>Asks a chat model about all texts of a run: those that its store lacks, after the first few have shown what the rest will cost.</summary>
internal sealed class ChatTeacher
{
    private readonly ChatSection _section;
    private readonly ChatAsking _asking;
    private readonly RemoteEndpoint? _endpoint; // null: a program has a client of its own
    private readonly ChatClassifierOptions _options;
    private readonly TokenPrices? _prices;
    private readonly RequestBudget _budget;

    private ChatTeacher(ChatSection section, ChatAsking asking, IReadOnlyList<string> classes)
    {
        (_section, _asking) = (section, asking);
        _endpoint = asking.Client is null ? Endpoint(section) : null;
        _options = Options(section, classes);
        _ = new ChatClassifier(new StoredChatClient(null), _options); // refuses what is wrong before anything is opened
        _prices = section.Budget is { InputPrice: { } input, OutputPrice: { } output } ? new TokenPrices((decimal)input, (decimal)output) : null;
        _budget = new RequestBudget(new BudgetOptions
        {
            MostMoney = (decimal?)section.Budget?.Money,
            MostTokens = section.Budget?.Tokens,
            MostRequests = section.Budget?.Requests,
            Prices = _prices,
        });
    }

    private string Name => _endpoint is null ? _section.Model : $"{_endpoint.Model} at {_endpoint.Address.Host}";

    private RemoteAnswers OpenAnswers() => RemoteAnswers.Open(_section.Answers, _endpoint?.Identity ?? $"{ChatSection.OwnClient}|{_section.Model}|{_section.Version}", _section.Model);

    /// <summary>Asks, or reads what was asked before.</summary>
    /// <param name="section">The teacher.</param>
    /// <param name="asking">How it is reached.</param>
    /// <param name="splits">What it is asked about: all texts of all splits.</param>
    /// <param name="cancellationToken">Stops; what was answered stays in the store.</param>
    /// <exception cref="DecantException">It cannot be reached, the cost was not agreed to, the budget is spent, or texts are no single texts.</exception>
    public static ChatAnswers Ask(ChatSection section, ChatAsking asking, DataSplits splits, CancellationToken cancellationToken)
    {
        string[] texts = [.. new[] { splits.Train, splits.Validation, splits.Test }.OfType<Dataset>().SelectMany(Texts).Distinct(StringComparer.Ordinal)];
        return new ChatTeacher(section, asking, splits.Classes).Ask(texts, cancellationToken);
    }

    /// <summary>The samples with the classes that the teacher chooses from, which may be more than there are labels of.</summary>
    /// <exception cref="DecantException">A label is none of them.</exception>
    public static Dataset Named(ChatSection section, Dataset train)
    {
        string[] classes = [.. section.Ask.Classes.Select(c => c.Name)];
        if (train.Classes.FirstOrDefault(label => !classes.Contains(label, StringComparer.Ordinal)) is not { } unknown)
            return train.WithClasses(classes);
        var near = classes.FirstOrDefault(c => c.Equals(unknown, StringComparison.OrdinalIgnoreCase)) is { } other ? $"; did you mean '{other}'?" : ".";
        throw new DecantException($"teacher.chat.ask.classes: {train.Name} has the label '{unknown}', which is not among the classes ({string.Join(", ", classes.Take(10))}{(classes.Length > 10 ? ", …" : "")}){near} Spell them as the data does, and name all.");
    }

    private static ChatClassifierOptions Options(ChatSection section, IReadOnlyList<string> classes)
    {
        var described = section.Ask.Classes.ToLookup(c => c.Name, c => c.Description, StringComparer.Ordinal);
        if (described.Select(c => c.Key).FirstOrDefault(name => !classes.Contains(name, StringComparer.Ordinal)) is { } unknown)
            throw new DecantException($"teacher.chat.ask.classes: the data has no class '{unknown}'; it has {string.Join(", ", classes.Take(10))}{(classes.Count > 10 ? ", …" : "")}.");
        return section.Ask with { Classes = [.. classes.Select(name => new ChatClass(name, described[name].FirstOrDefault()))] };
    }

    private static IEnumerable<string> Texts(Dataset split) => Enumerable.Range(0, split.Count).Select(i => split[i].Content is Decant.Data.TextContent { Pair: null, Text: var text }
        ? text
        : throw new DecantException($"{split.Where(i)}: a chat model is asked about single texts here, and this is none. Use a teacher that is loaded or trained."));

    private ChatAnswers Ask(string[] texts, CancellationToken cancellationToken)
    {
        var known = new Dictionary<string, ChatClassification>(StringComparer.Ordinal);
        if (_asking.MayAsk || Directory.Exists(_section.Answers))
        {
            using var answers = OpenAnswers();
            foreach (var (text, answer) in Classified(new ChatClientBuilder(new StoredChatClient(answers)), texts, null, cancellationToken).Where(a => IsKnown(a.Answer)))
                known[text] = answer;
            string[] missing = [.. texts.Where(text => !known.ContainsKey(text))];
            var before = known.Count;
            if (missing.Length > 0 && _asking.MayAsk)
                Ask(answers, texts, missing, known, cancellationToken);
            if (_asking.MayAsk || missing.Length == 0)
                return new(Name, known, Remarks(answers, texts.Length, before, known.Values));
        }

        return new(Name, known, [FormattableString.Invariant($"{Name} would be asked about {texts.Length - known.Count:N0} of {texts.Length:N0} texts{(known.Count > 0 ? ", the others were answered before" : "")}; a check asks nothing, and 'decant distill' says what it will cost after the first {CostEstimate.UsualSample}.")]) { Unasked = texts.Length - known.Count };
    }

    // Of several samples, those that are stored are not all: what is not stored comes as a failed request here.
    private static bool IsKnown(ChatClassification answer) => answer is { IsFromStore: true, Abstention: not AbstentionReason.Poisoned };

    private void Ask(RemoteAnswers answers, string[] texts, string[] missing, Dictionary<string, ChatClassification> known, CancellationToken cancellationToken)
    {
        // Drawn from all by their hashes: they speak for the rest, and are the same ones, and so not paid again, when it is tried again.
        string[] sample = [.. texts.OrderBy(HashOf, StringComparer.Ordinal).Take(CostEstimate.UsualSample)];
        string[] first = [.. sample.Where(text => !known.ContainsKey(text))];
        ChatClassification[] asked = [.. sample.Except(first).Select(text => known[text]), .. Sampled(answers, first, known, cancellationToken)];
        Refuse(asked);
        string[] rest = [.. missing.Except(first)];
        if (rest.Length == 0)
            return;
        var cost = Cost(asked, rest.Length);
        if (_asking.Agrees?.Invoke(cost) is not true)
            throw new DecantException($"{cost}. It was not agreed to; what was answered is stored. Add --yes to ask about all of them.");
        var progress = new Counted(done => _asking.Answered?.Invoke(first.Length + done, missing.Length));
        foreach (var (text, answer) in Classified(Client(answers), rest, progress, cancellationToken))
            known[text] = answer;
    }

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>The first answers. One goes ahead without patience, so that a wrong key or a server that is not there is known at once.</summary>
    private IEnumerable<ChatClassification> Sampled(RemoteAnswers answers, string[] texts, Dictionary<string, ChatClassification> known, CancellationToken cancellationToken)
    {
        foreach (var part in new[] { (Client(answers, isFirst: true), texts[..Math.Min(1, texts.Length)]), (Client(answers), texts[Math.Min(1, texts.Length)..]) })
        {
            foreach (var (text, answer) in part.Item2.Length == 0 ? [] : Classified(part.Item1, part.Item2, null, cancellationToken))
                yield return known[text] = answer;
        }
    }

    private ChatCost Cost(ChatClassification[] asked, int rest)
    {
        var all = CostEstimate.From(asked, asked.Length + rest, _prices);
        var (budget, spent) = (_section.Budget, _budget.Spent);
        if (all.Money is { } money && (decimal)money.Low - _prices!.Of(asked.Sum(a => a.InputTokens), asked.Sum(a => a.OutputTokens)) > (decimal?)budget?.Money - spent.Money)
            throw new DecantException(FormattableString.Invariant($"teacher.chat.budget.money: {budget!.Money} is not enough for {rest:N0} more texts, which cost {money.Low:0.######} at least by the first {asked.Length}. Nothing more was asked; raise it, or give fewer texts."));
        if (budget?.Requests is { } requests && requests - spent.Requests < rest) // of several samples some may be stored
            throw new DecantException(FormattableString.Invariant($"teacher.chat.budget.requests: {requests:N0} are not enough: {spent.Requests:N0} were sent, and {rest:N0} more texts need one each at least. Nothing more was asked; raise it, or give fewer texts."));
        return new(Name, rest, all, Aside(asked));
    }

    /// <summary>Refuses to go on where none of the first answers names a class.</summary>
    private static void Refuse(ChatClassification[] asked)
    {
        if (asked.Length > 1 && Array.TrueForAll(asked, a => a.Abstention is not null))
            throw new DecantException($"teacher.chat: none of the first {asked.Length} answers is a class: {Aside(asked)}. Nothing more was asked. Look at teacher.chat.ask: its instruction, its classes, evidence and max-output-tokens.");
    }

    /// <summary>How many abstained and why, with an example; null: none.</summary>
    private static string? Aside(ChatClassification[] asked)
    {
        var aside = asked.Where(a => a.Abstention is not null).ToArray();
        if (aside.Length == 0)
            return null;
        var example = aside.SelectMany(a => a.Answers).FirstOrDefault(text => text.Length > 0);
        var shown = example is null ? "" : $", such as '{(example.Length > 60 ? example[..60] + "…" : example).ReplaceLineEndings(" ")}'";
        return FormattableString.Invariant($"{aside.Length} of {asked.Length} answers name no class ({AbstentionWords.Counted(aside)}{shown})");
    }

    // A program's own client has the decorators that it was given.
    private ChatClientBuilder Client(RemoteAnswers answers, bool isFirst = false) => _endpoint is null
        ? new ChatClientBuilder(_ => new LentClient(_asking.Client!)).UseAnswers(answers)
        : new ChatClientBuilder(_ => _endpoint.OpenChat(_asking.Environment)).UseAnswers(answers)
            .UseRateLimit(_section.Limit).UseRetry(isFirst ? new() { Attempts = Math.Min(2, _section.Attempts), DownPatience = TimeSpan.Zero } : new() { Attempts = _section.Attempts }).UseBudget(_budget);

    private static RemoteEndpoint Endpoint(ChatSection section) => new()
    {
        Address = Uri.TryCreate(section.Endpoint, UriKind.Absolute, out var address) ? address
            : throw new DecantException(section.Endpoint == ChatSection.OwnClient
                ? "teacher.chat.endpoint: the client is a program's own: start that program again; the same calls with the same SaveTo resume its run."
                : $"teacher.chat.endpoint: expected the address of an API, such as https://api.openai.com/v1, came '{section.Endpoint}'."),
        Model = section.Model,
        KeyVariable = section.Key,
        Version = section.Version,
    };

    private IEnumerable<(string Text, ChatClassification Answer)> Classified(ChatClientBuilder builder, string[] texts, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        using var client = builder.Build();
        foreach (var answer in new ChatClassifier(client, _options).ClassifyAsync(texts, _section.Limit.Concurrency, progress, cancellationToken).ToBlockingEnumerable(cancellationToken))
            yield return (texts[answer.Index], answer);
    }

    private List<string> Remarks(RemoteAnswers answers, int texts, int before, IReadOnlyCollection<ChatClassification> known)
    {
        var spent = _budget.Spent;
        var cost = _prices is null ? "" : FormattableString.Invariant($", {spent.Money:0.######} by the recipe's prices");
        var sent = _endpoint is null
            ? FormattableString.Invariant($"{answers.Sent:N0} requests were sent now")
            : FormattableString.Invariant($"{spent.Requests:N0} requests were sent now ({spent.Failed:N0} without an answer), {spent.InputTokens:N0} input and {spent.OutputTokens:N0} output tokens{cost}");
        var remarks = new List<string>
        {
            FormattableString.Invariant($"The teacher is {Name}, by {(_section.Ask.Evidence == ClassEvidence.Stated ? "stated confidence" : _section.Ask.Evidence.ToString().ToLowerInvariant())}: {before:N0} of {texts:N0} texts were answered before; {sent}."),
            $"Terms of the teacher: {_section.Terms}",
        };
        if (answers.LostInFlight > 0)
            remarks.Add(FormattableString.Invariant($"{answers.LostInFlight:N0} requests were out when earlier processes ended, and may have been billed without an answer."));
        var aside = known.Where(a => a.Abstention is not null).ToArray();
        if (aside.Length > 0)
            remarks.Add(FormattableString.Invariant($"The teacher abstained on {aside.Length:N0} texts ({AbstentionWords.Counted(aside)}): they are not learned from, and where they are measured it is taken to be undecided."));
        if (_section.Ask.Evidence == ClassEvidence.Samples && known.Where(a => a.Probabilities is not null).Select(a => a.Probabilities!.Max()).ToArray() is { Length: > 0 } shares)
            remarks.Add(FormattableString.Invariant($"The teacher's agreement with itself: of {_section.Ask.Samples} answers to a text {100 * shares.Average():0.0} % name the same class on average."));
        return remarks;
    }

    private sealed class Counted(Action<int> report) : IProgress<int>
    {
        private readonly Lock _lock = new();

        public void Report(int value)
        {
            lock (_lock)
                report(value);
        }
    }
}
