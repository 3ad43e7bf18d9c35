using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Decant.Bench.Tokenizers;

namespace Decant.Bench.Commands;

internal static class TokenizerLibrariesCommand
{
    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static Command Create()
    {
        var file = new Option<string>("--file") { Description = "The text, encoded line by line.", HelpName = "file", Required = true };
        var tokenizer = new Option<string>("--tokenizer") { Description = "The tokenizer: its folder or file.", HelpName = "path", Required = true };
        var rounds = new Option<int>("--rounds") { Description = "Timed rounds of each library, in turn.", HelpName = "n", DefaultValueFactory = _ => 5 };
        var characters = new Option<int>("--characters") { Description = "The most characters that are taken, whole lines.", HelpName = "n", DefaultValueFactory = _ => 1_000_000 };
        var json = new Option<bool>("--json") { Description = "Write a line of JSON for each library instead of a table." };
        var command = new Command("tokenizer-libraries", "Decant's tokenizer beside Tokenizers.DotNet and Microsoft.ML.Tokenizers: speed on one core, and whether the ids are equal.") { file, tokenizer, rounds, characters, json };
        command.SetAction(parse => Run(parse.GetValue(file)!, parse.GetValue(tokenizer)!, Math.Max(1, parse.GetValue(rounds)), parse.GetValue(characters), parse.GetValue(json)));
        return command;
    }

    private static int Run(string file, string path, int rounds, int characters, bool asJson)
    {
        var peers = new List<ITokenizerPeer>();
        try
        {
            var lines = Lines(file, characters);
            using var tokenizer = new TokenizerUnderTest(path);
            peers.Add(new DecantPeer(tokenizer));
            Add(peers, nameof(TokenizersDotNetPeer), () => new TokenizersDotNetPeer(tokenizer));
            Add(peers, nameof(MicrosoftPeer), () => new MicrosoftPeer(tokenizer));
            Write(TokenizerComparison.Run(peers, lines, rounds), asJson);
            return 0;
        }
        catch (Exception error) when (error is DecantException or IOException)
        {
            Console.Error.WriteLine(error.Message);
            return 1;
        }
        finally
        {
            peers.ForEach(peer => peer.Dispose());
        }
    }

    /// <summary>A library that is not for this tokenizer or platform is left out with a word.</summary>
    private static void Add(List<ITokenizerPeer> peers, string name, Func<ITokenizerPeer> open)
    {
        try
        {
            peers.Add(open());
        }
        catch (Exception error) when (error is not (OutOfMemoryException or DecantException))
        {
            Console.Error.WriteLine($"{name} is left out: {error.Message}");
        }
    }

    private static string[] Lines(string file, int characters)
    {
        var count = 0;
        // Tokenizers.DotNet takes a text up to its first zero.
        return [.. File.ReadLines(file).Where(line => !line.Contains('\0', StringComparison.Ordinal)).TakeWhile(line => (count += line.Length) <= characters)];
    }

    private static void Write(IReadOnlyList<TokenizerFigures> figures, bool asJson)
    {
        if (asJson)
        {
            foreach (var one in figures)
                Console.WriteLine(JsonSerializer.Serialize(one, s_json));
            return;
        }

        Console.WriteLine($"{"library",-26}{"MB/s",10}{"first",10}{"time",9}{"ids",12}  other ids than Decant's");
        foreach (var one in figures)
        {
            var different = one.FirstDifference is { } line ? $"on {one.DifferentLines:N0} lines, the first is {line:N0}" : "none";
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{one.Library,-26}{one.Speed,10:0.00}{one.First,10:0.00}{one.Ratio,8:0.0}×{one.Ids,12:N0}  {different}"));
        }
    }
}
