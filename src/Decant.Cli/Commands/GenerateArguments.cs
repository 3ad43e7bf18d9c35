using System.CommandLine;
using Decant.Cli.Hosting;
using Decant.Runs.Jobs.Generation;

namespace Decant.Cli.Commands;

/// <summary>The arguments of <c>decant generate</c>: which model, which prompts, and how tokens are chosen.</summary>
internal sealed class GenerateArguments
{
    private readonly Argument<string> _model = new("model") { Description = "Folder of a language model with its tokenizer, or of a run (its student), or a GGUF file" + ModelArgument.OrAddress + "." };
    private readonly Option<string[]> _prompt = new("--prompt") { Description = "Prompt; may be repeated. Default: --prompt-file, or standard input.", HelpName = "text" };
    private readonly Option<string?> _file = new("--prompt-file") { Description = "File with the prompt.", HelpName = "file" };
    private readonly Option<bool> _chat = new("--chat") { Description = "Take each prompt for a user's message, and write the assistant's reply, by the model's chat template." };
    private readonly Option<bool> _json = new("--json") { Description = "Write one JSON object per continuation, for programs." };
    private readonly SamplingOptions _sampling = new();

    public void AddTo(Command command)
    {
        command.Add(_model);
        foreach (var option in new Option[] { _prompt, _file, _chat, _json })
            command.Add(option);
        _sampling.AddTo(command);
    }

    public string Model(ParseResult parse) => parse.GetRequiredValue(_model);

    public bool AsJson(ParseResult parse) => parse.GetValue(_json);

    public GenerateRequest Request(CliServices services, ParseResult parse) =>
        _sampling.Read(parse) with { Prompts = Prompts(services, parse.GetValue(_prompt) ?? [], parse.GetValue(_file)), IsChat = parse.GetValue(_chat) };

    private static IReadOnlyList<string> Prompts(CliServices services, string[] prompts, string? file)
    {
        if (file is not null && prompts.Length > 0) throw new DecantException("--prompt and --prompt-file both give a text: leave one of them out.");
        if (prompts.Length > 0) return prompts;
        // The last line's end belongs to the file and not to the text.
        return [file is null ? PromptText.Of(services.In.Value) : PromptText.OfFile(file)];
    }
}
