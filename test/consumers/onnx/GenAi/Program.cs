// Whether onnxruntime-genai generates from an exported folder, by its genai_config.json, what Decant does.
//   dotnet run --project test/consumers/onnx/GenAi -- FOLDER decant.json      where: decant generate FOLDER --json --prompt TEXT > decant.json
using System.Text.Json;
using Microsoft.ML.OnnxRuntimeGenAI;

if (args is not [var folder, var file])
{
    Console.Error.WriteLine("expected: the folder, and what `decant generate FOLDER --json` wrote");
    return 2;
}

using var model = new Model(folder);
using var tokenizer = new Tokenizer(model);
tokenizer.UpdateOptions(new Dictionary<string, string> { ["add_special_tokens"] = "true" });
var faults = 0;
foreach (var line in File.ReadLines(file))
{
    using var json = JsonDocument.Parse(line);
    var prompt = json.RootElement.GetProperty("prompt").GetString()!;
    int[] expected = UpToZero([.. json.RootElement.GetProperty("tokens").EnumerateArray().Select(id => id.GetInt32())]);
    using var encoded = tokenizer.Encode(prompt);
    int[] ids = [.. encoded[0]];
    using var settings = new GeneratorParams(model);
    settings.SetSearchOption("max_length", ids.Length + expected.Length);
    using var generator = new Generator(model, settings);
    generator.AppendTokens(ids);
    while (!generator.IsDone())
        generator.GenerateNextToken();
    int[] came = [.. generator.GetSequence(0)[ids.Length..]];
    var alike = came.SequenceEqual(expected);
    faults += alike ? 0 : 1;
    Console.WriteLine($"{(alike ? "" : "FAULT ")}'{prompt}': {came.Length} tokens, {expected.Length} expected{(alike ? ", equal" : "")}: {tokenizer.Decode(came)}");
}

return faults;

// Of a model without an end onnxruntime-genai takes the token 0 for it; it wants one within the vocabulary.
int[] UpToZero(int[] tokens)
{
    using var settings = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "genai_config.json")));
    var hasEnd = settings.RootElement.GetProperty("model").GetProperty("eos_token_id").GetArrayLength() > 0;
    var zero = Array.IndexOf(tokens, 0);
    return hasEnd || zero < 0 ? tokens : tokens[..zero];
}
