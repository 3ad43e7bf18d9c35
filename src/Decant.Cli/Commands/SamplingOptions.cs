using System.CommandLine;
using Decant.Runs.Jobs.Generation;

namespace Decant.Cli.Commands;

/// <summary>The options of how tokens are chosen.</summary>
internal sealed class SamplingOptions
{
    private readonly Option<int?> _maxTokens = new("--max-tokens") { Description = "Maximum number of new tokens; default: 128.", HelpName = "n" };
    private readonly Option<double?> _temperature = new("--temperature") { Description = "Sampling temperature; default: 0, greedy decoding.", HelpName = "x" };
    private readonly Option<int?> _topK = new("--top-k") { Description = "Sample among the k most probable tokens; default: all.", HelpName = "n" };
    private readonly Option<double?> _topP = new("--top-p") { Description = "Nucleus sampling: sample among the most probable tokens whose probabilities sum to this; default: 1.", HelpName = "x" };
    private readonly Option<double?> _penalty = new("--repetition-penalty") { Description = "Repetition penalty: above 1, tokens already in the text become less probable; default: 1.", HelpName = "x" };
    private readonly Option<string[]> _stop = new("--stop") { Description = "Stop sequence, not part of the output; may be repeated.", HelpName = "text" };
    private readonly Option<long?> _seed = new("--seed") { Description = "Random seed of the sampling; default: 0.", HelpName = "n" };
    private readonly Option<int?> _count = new("--count") { Description = "Continuations per prompt; default: 1.", HelpName = "n" };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _maxTokens, _temperature, _topK, _topP, _penalty, _stop, _seed, _count })
            command.Add(option);
    }

    public GenerateRequest Read(ParseResult parse)
    {
        var standard = new GenerateRequest { Prompts = [] };
        return standard with
        {
            MaxNewTokens = Within(parse.GetValue(_maxTokens) ?? standard.MaxNewTokens, 1, 10_000_000, _maxTokens),
            SamplingTemperature = Within(parse.GetValue(_temperature) ?? standard.SamplingTemperature, 0, 1000, _temperature),
            TopK = parse.GetValue(_topK) is { } k ? Within(k, 1, int.MaxValue, _topK) : null,
            TopP = Within(parse.GetValue(_topP) ?? standard.TopP, double.Epsilon, 1, _topP),
            RepetitionPenalty = Within(parse.GetValue(_penalty) ?? standard.RepetitionPenalty, 0.01, 100, _penalty),
            Stops = parse.GetValue(_stop) ?? [],
            Seed = parse.GetValue(_seed) ?? standard.Seed,
            Count = Within(parse.GetValue(_count) ?? standard.Count, 1, 10_000, _count),
        };
    }

    private static T Within<T>(T value, T least, T most, Option option) where T : IComparable<T> => value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0
        ? value
        : throw new DecantException(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{option.Name}: expected a number from {least} to {most}, came {value}."));
}
