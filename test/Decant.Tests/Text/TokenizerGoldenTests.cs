using System.Text.Json;
using Decant.Text;
using Decant.Text.Files;
using Decant.Text.Training;
using Decant.Text.Training.Unigram;

namespace Decant.Tests.Text;

/// <summary>Ids against Hugging Face's own package; Golden/tokenizers/make_ids.mjs made them.</summary>
public class TokenizerGoldenTests
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "Golden", "tokenizers");

    public static TheoryData<string> Names => ["wordpiece", "wordpiece-cased", "byte-bpe", "byte-bpe-lower", "unigram"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Training_gives_the_same_files_today_as_then(string name)
    {
        using var folder = new TemporaryFolder();
        TokenizerFile.Save(Train(name), folder.Path, maxTokens: 128);
        foreach (var file in new[] { "tokenizer.json", "tokenizer_config.json" })
        {
            var made = File.ReadAllText(Path.Combine(folder.Path, file));
            if (Environment.GetEnvironmentVariable("DECANT_GOLDEN_OUT") is { Length: > 0 } target)
            {
                Directory.CreateDirectory(Path.Combine(target, name));
                File.WriteAllText(Path.Combine(target, name, file), made);
            }
            else Assert.Equal(File.ReadAllText(Path.Combine(s_folder, name, file)), made);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Ids_and_decoded_text_are_those_of_the_tokenizers_package(string name)
    {
        var tokenizer = TokenizerFile.Load(Path.Combine(s_folder, name));
        Assert.Equal(Train(name).Hash, tokenizer.Hash);
        var texts = JsonSerializer.Deserialize<string[]>(File.ReadAllText(Path.Combine(s_folder, "texts.json")))!;
        using var golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(s_folder, "ids.json")));
        var cases = golden.RootElement.GetProperty(name).EnumerateArray().ToArray();
        Assert.Equal(texts.Length, cases.Length);
        for (var i = 0; i < cases.Length; i++)
        {
            var ids = tokenizer.Encode(texts[i]);
            Assert.Equal(Numbers(cases[i], "ids"), ids);
            Assert.Equal(cases[i].GetProperty("decoded").GetString(), tokenizer.Decode(ids));
            var next = texts[(i + 1) % texts.Length];
            var pair = tokenizer.EncodeForModel(texts[i], next.Length > 0 ? next : "pair", 10_000);
            Assert.Equal(Numbers(cases[i], "pairIds"), pair.Ids);
            Assert.Equal(Numbers(cases[i], "pairTypes"), pair.TypeIds.Select(type => (int)type));
        }
    }

    private static ITokenizer Train(string name)
    {
        TokenizerOptions options = name switch
        {
            "wordpiece" => new WordPieceOptions { Vocabulary = 420 },
            "wordpiece-cased" => new WordPieceOptions { Vocabulary = 460, LowerCase = false },
            "unigram" => new UnigramOptions { Vocabulary = 300, Coverage = 1, ByteFallback = false }, // that package has no bytes for it
            "byte-bpe" => new ByteBpeOptions { Vocabulary = 460 },
            _ => new ByteBpeOptions { Vocabulary = 400, LowerCase = true },
        };
        return options.Train(File.ReadAllLines(Path.Combine(s_folder, "corpus.txt")));
    }

    private static int[] Numbers(JsonElement json, string name) => [.. json.GetProperty(name).EnumerateArray().Select(number => number.GetInt32())];
}
