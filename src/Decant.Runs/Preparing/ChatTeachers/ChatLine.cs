using Decant.Runs.Recipes.Schema;
using Decant.Teachers.Remote;
using Decant.Teachers.Remote.Limits;
using Decant.Teachers.Remote.Storing;
using Microsoft.Extensions.AI;

namespace Decant.Runs.Preparing.ChatTeachers;

/// <summary>The way to a chat model: its store, its budget, and clients that keep to both.</summary>
internal sealed class ChatLine
{
    private readonly ChatReach _access;
    private readonly ChatAsking _asking;
    private readonly RemoteEndpoint? _endpoint; // null: a program has a client of its own

    /// <summary>The way to the model of a recipe, which nothing goes over yet.</summary>
    /// <param name="access">What the recipe says.</param>
    /// <param name="asking">How it is reached.</param>
    /// <param name="path">Where in the recipe it stands, such as <c>teacher.chat</c>.</param>
    /// <exception cref="DecantException">The endpoint is no address.</exception>
    public ChatLine(ChatReach access, ChatAsking asking, string path)
    {
        (_access, _asking, Path) = (access, asking, path);
        _endpoint = asking.Client is null && asking.Generator is null ? EndpointOf(access, path) : null;
        if (_endpoint is not null)
            OpenedEndpoint.Check(_endpoint, $"{path}.");
        Prices = PricesOf(access);
        Budget = asking.Spending ?? BudgetOf(access);
    }

    /// <summary>Where in the recipe it stands.</summary>
    public string Path { get; }

    /// <summary>The model and its host, for people.</summary>
    public string Name => _endpoint is null ? _access.Model : $"{_endpoint.Model} at {_endpoint.Address.Host}";

    /// <summary>The prices; null: the recipe has none.</summary>
    public TokenPrices? Prices { get; }

    /// <summary>What may be spent; null: there is no limit.</summary>
    public ChatBudget? Limits => _access.Budget;

    /// <summary>Counts what is spent.</summary>
    public RequestBudget Budget { get; }

    /// <summary>How many requests are out at the same time.</summary>
    public int Concurrency => _access.Limit.Concurrency;

    /// <summary>The terms under which its answers may train a model; null: none is trained with them.</summary>
    public string? Terms => (_access as ChatAccess)?.Terms;

    /// <summary>Whether a store of answers is there already.</summary>
    public bool HasAnswers => Directory.Exists(_access.Answers);

    /// <summary>A budget of which nothing is spent.</summary>
    /// <param name="access">What the recipe says of it.</param>
    public static RequestBudget BudgetOf(EndpointReach access) => new(new BudgetOptions
    {
        MostMoney = (decimal?)access.Budget?.Money,
        MostTokens = access.Budget?.Tokens,
        MostRequests = access.Budget?.Requests,
        Prices = PricesOf(access),
    });

    private static TokenPrices? PricesOf(EndpointReach access) => access.Budget is { InputPrice: { } input, OutputPrice: { } output } ? new TokenPrices((decimal)input, (decimal)output) : null;

    /// <summary>Opens its store of answers; the caller disposes it.</summary>
    public RemoteAnswers OpenAnswers() => RemoteAnswers.Open(_access.Answers, _endpoint?.Identity ?? $"{ChatReach.OwnClient}|{_access.Model}|{_access.Version}", _access.Model);

    /// <summary>A client that reads the store and asks nothing: what is not stored fails as a row of its own.</summary>
    public static IChatClient Stored(RemoteAnswers answers) => new ChatClientBuilder(new StoredChatClient(answers)).Build();

    /// <summary>A client that asks for what is not stored. A program's own has the decorators that it was given.</summary>
    /// <param name="answers">The store.</param>
    /// <param name="isFirst">Without patience, so that a wrong key or a server that is not there is known at once.</param>
    public IChatClient Client(RemoteAnswers answers, bool isFirst = false) => (_endpoint is null
        ? new ChatClientBuilder(_ => new LentClient(_asking.Client!)).UseAnswers(answers)
        : new ChatClientBuilder(_ => _endpoint.OpenChat(_asking.Environment)).UseAnswers(answers)
            .UseRateLimit(_access.Limit).UseRetry(isFirst ? new() { Attempts = Math.Min(2, _access.Attempts), DownPatience = TimeSpan.Zero } : new() { Attempts = _access.Attempts }).UseBudget(Budget)).Build();

    /// <summary>What makes vectors of texts that are not stored. A program's own has the decorators that it was given.</summary>
    /// <param name="answers">The store.</param>
    /// <param name="isFirst">As of <see cref="Client"/>.</param>
    public IEmbeddingGenerator<string, Embedding<float>> Embeddings(RemoteAnswers answers, bool isFirst = false) => (_endpoint is null
        ? new EmbeddingGeneratorBuilder<string, Embedding<float>>(_ => new LentGenerator(_asking.Generator!)).UseAnswers(answers)
        : new EmbeddingGeneratorBuilder<string, Embedding<float>>(_ => _endpoint.OpenEmbeddings(_asking.Environment)).UseAnswers(answers)
            .UseRateLimit(_access.Limit).UseRetry(isFirst ? new() { Attempts = Math.Min(2, _access.Attempts), DownPatience = TimeSpan.Zero } : new() { Attempts = _access.Attempts }).UseBudget(Budget)).Build();

    /// <summary>A client that stores nothing, without patience: to find out what a server can do. It counts in the budget.</summary>
    public IChatClient Unstored() => (_endpoint is null
        ? new ChatClientBuilder(_ => new LentClient(_asking.Client!))
        : new ChatClientBuilder(_ => _endpoint.OpenChat(_asking.Environment)).UseRateLimit(_access.Limit).UseRetry(new() { Attempts = Math.Min(2, _access.Attempts), DownPatience = TimeSpan.Zero }).UseBudget(Budget)).Build();

    /// <summary>What was sent and spent since it was opened, for people.</summary>
    /// <param name="answers">The store.</param>
    /// <param name="vectors">How many vectors were asked for; 0: none.</param>
    public string Sent(RemoteAnswers answers, int vectors = 0)
    {
        var spent = Budget.Spent;
        var cost = Prices is null ? "" : FormattableString.Invariant($", {spent.Money:0.######} by the recipe's prices");
        return _endpoint is null
            ? vectors > 0 ? FormattableString.Invariant($"{vectors:N0} were asked for now") : FormattableString.Invariant($"{answers.Sent:N0} requests were sent now")
            : FormattableString.Invariant($"{spent.Requests:N0} requests were sent now ({spent.Failed:N0} without an answer), {spent.InputTokens:N0} input and {spent.OutputTokens:N0} output tokens{cost}{(spent.Unreported > 0 ? FormattableString.Invariant($" (the server counted none for {spent.Unreported:N0} of them: the most that they can have had)") : "")}");
    }

    /// <summary>Where a model is.</summary>
    /// <param name="access">What the recipe says.</param>
    /// <param name="path">Where in the recipe it stands.</param>
    /// <exception cref="DecantException">It is no address.</exception>
    public static RemoteEndpoint EndpointOf(EndpointReach access, string path) => new()
    {
        Address = Uri.TryCreate(access.Endpoint, UriKind.Absolute, out var address) ? address
            : throw new DecantException(access.Endpoint == ChatReach.OwnClient
                ? $"{path}.endpoint: the client is a program's own: start that program again; the same calls with the same SaveTo resume its run."
                : $"{path}.endpoint: expected the address of an API, such as https://api.openai.com/v1, came '{access.Endpoint}'."),
        Model = access.Model,
        KeyVariable = access.Key,
        Version = (access as ChatReach)?.Version ?? "",
        ExpectedModel = access.ExpectedModel,
    };
}
