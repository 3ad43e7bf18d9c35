using System.CommandLine;
using Decant.Cli.Hosting;
using Decant.Serving;
using Decant.Serving.Limits;

namespace Decant.Cli.Commands;

/// <summary>What a server is given: models, the address, who may ask, how much.</summary>
internal sealed class ServeArguments
{
    /// <summary>The variable that may hold the token.</summary>
    public const string TokenVariable = "DECANT_SERVE_TOKEN";

    private const double LongestSeconds = 86_400;
    private static readonly ServingLimits s_usual = new();

    private readonly Argument<string[]> _models = new("models") { Description = "Folders that 'decant export … --to onnx' wrote" + ModelArgument.OrAddress + ".", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string[]> _names = new("--name") { Description = "The name of a model in requests, once for each model; default: that of its folder.", HelpName = "name" };
    private readonly Option<string> _url = new("--url") { Description = "Where to listen; port 0: a free one. Other addresses than this machine's own need a token.", HelpName = "url", DefaultValueFactory = _ => "http://127.0.0.1:8080" };
    private readonly Option<string?> _tokenFile = new("--token-file") { Description = $"File with the bearer token that requests must bring; or the environment variable {TokenVariable}.", HelpName = "file" };
    private readonly Option<long> _body = new("--max-body") { Description = "The most bytes of a request.", HelpName = "bytes", DefaultValueFactory = _ => s_usual.MaxBodyBytes };
    private readonly Option<int> _tokens = new("--max-tokens") { Description = "The most tokens that a request may have generated.", HelpName = "n", DefaultValueFactory = _ => s_usual.MaxTokens };
    private readonly Option<int?> _concurrency = new("--concurrency") { Description = "Requests that are computed at once; default: one per core.", HelpName = "n" };
    private readonly Option<int> _queue = new("--queue") { Description = "Requests that wait; more are answered with 429.", HelpName = "n", DefaultValueFactory = _ => s_usual.Queue };
    private readonly Option<double> _timeout = new("--timeout") { Description = "The longest time of a request, in seconds.", HelpName = "s", DefaultValueFactory = _ => s_usual.Timeout.TotalSeconds };

    /// <summary>Adds them to the command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_models);
        foreach (var option in (Option[])[_names, _url, _tokenFile, _body, _tokens, _concurrency, _queue, _timeout])
            command.Add(option);
    }

    /// <summary>Where to listen.</summary>
    public string Url(ParseResult parse) => parse.GetRequiredValue(_url);

    /// <summary>What is served.</summary>
    /// <exception cref="DecantException">Names and models are not as many, or the token cannot be read.</exception>
    public ServingOptions Options(CliServices services, ParseResult parse)
    {
        var (models, names) = (parse.GetRequiredValue(_models), parse.GetValue(_names) ?? []);
        if (names.Length > 0 && names.Length != models.Length)
            throw new DecantException($"--name: expected {models.Length}, one for each model, came {names.Length}. Give one for each, or none.");
        var seconds = parse.GetRequiredValue(_timeout);
        if (!(seconds > 0 && seconds <= LongestSeconds))
            throw new DecantException(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"--timeout: expected seconds above 0 and up to {LongestSeconds:0}, came {seconds}."));
        var served = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (index, model) in models.Index())
        {
            var name = names.Length > 0 ? names[index] : Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(model)));
            if (!served.TryAdd(name, ModelArgument.Folder(services, model)))
                throw new DecantException($"Two models have the name '{name}'; expected one of its own for each. Name them with --name, once for each model.");
        }

        return new()
        {
            Models = served,
            Token = Token(services, parse.GetValue(_tokenFile)),
            Limits = s_usual with
            {
                MaxBodyBytes = parse.GetRequiredValue(_body),
                MaxTokens = parse.GetRequiredValue(_tokens),
                Concurrency = parse.GetValue(_concurrency) ?? s_usual.Concurrency,
                Queue = parse.GetRequiredValue(_queue),
                Timeout = TimeSpan.FromSeconds(seconds),
            },
        };
    }

    private static string? Token(CliServices services, string? file)
    {
        if (file is null)
            return services.Environment(TokenVariable) is { Length: > 0 } said ? said.Trim() : null;
        if (!File.Exists(file))
            throw new DecantException($"--token-file: {file} is not there; expected a file with the token. 'openssl rand -hex 32 > {file}' writes one.");
        return File.ReadAllText(file).Trim();
    }
}
