using System.Text.Json;
using Decant.Text;
using Decant.Text.Files;
using Decant.Text.Unicode;

namespace Decant.Tests.Text;

/// <summary>Published tokenizers against what their own programs give: BERT's, which are part of the repository, and others, which are not.</summary>
public class TokenizerVectorTests
{
    private const string Folder = "tokenizers";
    private const string LowerCased = "bert-base-chinese, lower case";

    [Fact]
    public void Ids_of_BERT_are_those_of_the_published_vectors() => CompareIds(RealData.Find, "bert-bge", "bert-base-uncased/vocab.txt");

    [Fact]
    public void Ids_of_others_are_those_of_the_published_vectors()
    {
        CompareIds(Find, "gpt-2", "gpt2/tokenizer.json", "gpt2/vocab.json");
        CompareIds(Find, "bert-bge", "bert-base-uncased/tokenizer.json");
        CompareIds(Find, "roberta-bpe", "roberta-base/tokenizer.json", "roberta-base/vocab.json");
        CompareIds(Find, "llama-spm", "tinyllama/tokenizer.json", "tinyllama/tokenizer.model");
    }

    private static void CompareIds(Func<string, string> find, string vectors, params string[] tokenizers)
    {
        var texts = File.ReadAllText(find($"vectors/ggml-vocab-{vectors}.gguf.inp")).Split("\n__ggml_vocab_test__\n")[..46];
        var expected = File.ReadAllText(find($"vectors/ggml-vocab-{vectors}.gguf.out")).Split('\n');
        foreach (var name in tokenizers)
        {
            var tokenizer = TokenizerFile.Load(find(name));
            for (var i = 0; i < texts.Length; i++)
                Assert.True(expected[i].Trim() == string.Join(' ', tokenizer.Encode(texts[i])), $"{name}, '{texts[i]}': expected {expected[i]}, came {string.Join(' ', tokenizer.Encode(texts[i]))}");
        }
    }

    [Fact]
    public void Ids_tokens_and_decoded_text_of_BERT_are_those_of_transformers() => CompareTexts(
        RealData.Find, "vectors/transformersjs-bert.json", pairs: 1,
        ("bert/Xenova/bert-base-uncased", "bert-base-uncased", 30),
        ("distilbert/Xenova/distilbert-base-uncased-finetuned-sst-2-english", "bert-base-uncased", 12),
        ("bert/Xenova/bge-small-zh-v1.5", "bert-base-chinese", 19),
        ("bert/Xenova/bge-base-zh-v1.5", LowerCased, 7));

    [Fact]
    public void Ids_tokens_and_decoded_text_of_others_are_those_of_transformers() =>
        // Every entry whose tokenizer is one of ours, under whatever name, with the number of its cases.
        // t5-tokenizer-new and LaMini-Flan-T5 have T5's vocabulary too, but treat spaces another way: those at the end are kept.
        CompareTexts(
            Find, "vectors/transformersjs-expected.json", pairs: 1,
            ("bert/Xenova/bert-base-uncased", "bert-base-uncased", 30),
            ("gpt2/Xenova/gpt2", "gpt2", 26),
            ("roberta/Xenova/all-distilroberta-v1", "roberta-base", 11),
            ("llama/Xenova/llama-tokenizer", "tinyllama", 37),
            ("t5/Xenova/t5-small", "t5-small", 29));

    private static void CompareTexts(Func<string, string> find, string vectors, int pairs, params (string Entry, string Tokenizer, int Cases)[] entries)
    {
        using var all = JsonDocument.Parse(File.ReadAllBytes(find(vectors)));
        var faults = new List<string>();
        var found = 0;
        foreach (var (entry, folder, cases) in entries)
        {
            var slash = entry.IndexOf('/', StringComparison.Ordinal);
            var tests = all.RootElement.GetProperty(entry[..slash]).GetProperty(entry[(slash + 1)..]).EnumerateObject().ToArray(); // fails where it is missing
            Assert.Equal(cases, tests.Length);
            var tokenizer = folder == LowerCased ? ChineseLowerCased() : TokenizerFile.Load(find(folder));
            found += tests.Count(test => test.Value.TryGetProperty("text_pair", out _));
            faults.AddRange(tests.Where(test => !Agrees(tokenizer, test.Value)).Select(test => $"{entry} {test.Name}"));
        }

        Assert.Equal(pairs, found);
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    /// <summary>The same vocabulary as Google's, used with lower case.</summary>
    private static ITokenizer ChineseLowerCased()
    {
        using var folder = new TemporaryFolder();
        folder.Write("tokenizer_config.json", """{"tokenizer_class":"BertTokenizer","do_lower_case":true}""");
        return TokenizerFile.Load(folder.Write("vocab.txt", File.ReadAllBytes(RealData.Find("bert-base-chinese/vocab.txt"))));
    }

    private static bool Agrees(ITokenizer tokenizer, JsonElement test)
    {
        var made = tokenizer.Tokenize(test.GetProperty("text").GetString()!, test.TryGetProperty("text_pair", out var pair) ? pair.GetString() : null);
        var unknown = tokenizer.Special.Unknown is { } id ? tokenizer.TokenOf(id) : null;
        var theirs = test.GetProperty("tokens").EnumerateArray().Select(token => token.GetString()).ToArray();
        var ours = made.Tokens.Where((_, i) => !made.IsSpecial[i]).ToArray();
        return test.GetProperty("ids").EnumerateArray().Select(number => number.GetInt32()).SequenceEqual(made.Ids)
            // That program shows the text itself where a token is unknown.
            && theirs.Length == ours.Length && theirs.Zip(ours).All(both => both.First == both.Second || both.Second == unknown)
            // That program cleans spaces before punctuation up afterwards, which is no part of the tokenizer.
            && WithoutSpaces(test.GetProperty("decoded").GetString()!) == WithoutSpaces(tokenizer.Decode(made.Ids, keepSpecial: true));
    }

    [Theory]
    [InlineData("bert-base-uncased")]
    [InlineData("bert-base-chinese")]
    [InlineData("stories260K/hf")]
    public void A_saved_tokenizer_of_the_repository_gives_the_ids_and_the_hash_of_the_one_that_was_loaded(string name) => SaveAndLoad(RealData.Find(name));

    [Fact]
    public void A_saved_tokenizer_gives_the_ids_and_the_hash_of_the_one_that_was_loaded()
    {
        foreach (var name in new[] { "bert-base-uncased", "gpt2", "gpt2/vocab.json", "roberta-base", "tinyllama", "tinyllama/tokenizer.model", "t5-small", "sentencepiece/test_sentencepiece.model", "sentencepiece/test_sentencepiece_bpe.model" })
            SaveAndLoad(Find(name));
    }

    private static void SaveAndLoad(string path)
    {
        var loaded = TokenizerFile.Load(path);
        using var folder = new TemporaryFolder();
        TokenizerFile.Save(loaded, folder.Path, maxTokens: 512);
        var again = TokenizerFile.Load(folder.Path);
        Assert.Equal(loaded.Hash, again.Hash);
        foreach (var text in HardTexts.Some(200)) Assert.Equal(loaded.EncodeForModel(text, text, 100).Ids, again.EncodeForModel(text, text, 100).Ids);
    }

    [Fact]
    public void One_vocabulary_in_two_layouts_gives_the_same_ids()
    {
        foreach (var (one, other) in new[] { ("gpt2/tokenizer.json", "gpt2/vocab.json"), ("roberta-base/tokenizer.json", "roberta-base/vocab.json"), ("bert-base-uncased/tokenizer.json", "bert-base-uncased/vocab.txt"), ("tinyllama/tokenizer.json", "tinyllama/tokenizer.model") })
        {
            var (first, second) = (TokenizerFile.Load(Find(one)), TokenizerFile.Load(Find(other)));
            foreach (var text in HardTexts.Some(400)) Assert.True(first.Encode(text).SequenceEqual(second.Encode(text)), $"{other}: {text}");
        }
    }

    [Fact]
    public void Lossless_tokenizers_give_any_text_back()
    {
        foreach (var name in new[] { "gpt2", "roberta-base", "tinyllama" })
        {
            var tokenizer = TokenizerFile.Load(Find(name));
            foreach (var text in HardTexts.Some(400).Where(text => !text.Contains('<', StringComparison.Ordinal) && !(name == "tinyllama" && text.Contains('▁', StringComparison.Ordinal))))
            {
                var ids = tokenizer.Encode(text);
                Assert.Equal(Characters.WellFormed(text), tokenizer.Decode(ids));
                var stream = new TokenStream(tokenizer);
                Assert.Equal(tokenizer.Decode(ids), string.Concat(ids.Select(stream.Add)) + stream.End());
            }
        }
    }

    [Fact]
    public void A_word_of_a_million_characters_takes_seconds_at_most()
    {
        var random = new Random(1);
        var word = string.Create(1 << 20, random, (characters, r) => characters.ForEachCharacter(_ => (char)('a' + r.Next(26))));
        foreach (var name in new[] { "bert-base-uncased", "gpt2", "tinyllama", "t5-small" })
        {
            var tokenizer = TokenizerFile.Load(Find(name));
            foreach (var text in new[] { word, new string('a', 1 << 20), new string('中', 1 << 18) })
            {
                var watch = System.Diagnostics.Stopwatch.StartNew();
                Assert.NotEmpty(tokenizer.Encode(text));
                Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"{name} took {watch.Elapsed.TotalSeconds:0.0} s");
            }
        }
    }

    private static string Find(string name) => TestData.Need(Path.Combine(Folder, name));

    private static string WithoutSpaces(string text) => text.Replace(" ", "", StringComparison.Ordinal);
}
