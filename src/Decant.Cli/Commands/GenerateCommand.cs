using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Decant.Cli.Hosting;
using Decant.Runs.Jobs.Generation;

namespace Decant.Cli.Commands;

/// <summary>Continues a text with a language model.</summary>
internal static class GenerateCommand
{
    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create(CliServices services)
    {
        var model = new Argument<string>("model") { Description = "Folder of a language model with its tokenizer, or of a run (its student)." };
        var prompt = new Option<string[]>("--prompt") { Description = "Prompt; may be repeated. Default: --prompt-file, or standard input.", HelpName = "text" };
        var file = new Option<string?>("--prompt-file") { Description = "File with the prompt.", HelpName = "file" };
        var sampling = new SamplingOptions();
        var json = new Option<bool>("--json") { Description = "Write one JSON object per continuation, for programs." };
        var command = new Command("generate", "Generate text with a language model.") { model, prompt, file, json };
        sampling.AddTo(command);
        command.SetAction(parse =>
        {
            var options = sampling.Read(parse) with { Prompts = Prompts(services, parse.GetValue(prompt) ?? [], parse.GetValue(file)) };
            Run(services, parse.GetRequiredValue(model), options, parse.GetValue(json));
            return ExitCodes.Success;
        });
        return command;
    }

    private static void Run(CliServices services, string model, GenerateRequest options, bool asJson)
    {
        services.Interruption.Listen();
        var begun = false;
        var isOne = options.Prompts.Count * options.Count == 1;
        Action<string>? show = isOne && !asJson ? Show : null;
        var texts = services.Jobs.Value.Generate(model, options, show, services.Interruption.Token);
        if (show is not null) services.Out.WriteLine();
        else if (asJson) foreach (var text in texts) services.Out.WriteLine(JsonSerializer.Serialize(text, s_json));
        else foreach (var (text, i) in texts.Select((t, i) => (t, i))) services.Out.WriteLine($"{(i > 0 ? "\n" : "")}[{i + 1}] {text.Prompt}{text.Text}");

        void Show(string piece)
        {
            // Not before there is something: a model that cannot be read says so alone.
            services.Out.Write(begun ? piece : options.Prompts[0] + piece);
            services.Out.Flush();
            begun = true;
        }
    }

    private static IReadOnlyList<string> Prompts(CliServices services, string[] prompts, string? file)
    {
        if (file is not null && prompts.Length > 0) throw new DecantException("--prompt and --prompt-file both give a text: leave one of them out.");
        if (prompts.Length > 0) return prompts;
        // The last line's end belongs to the file and not to the text.
        return [file is null ? PromptText.Of(services.In.Value) : PromptText.OfFile(file)];
    }
}
