using System.Text;
using Decant.Data;
using Decant.Data.Batching;
using Decant.Data.Chats;
using Decant.Models;
using Decant.Models.Configuration;
using Decant.Models.Llama;
using Decant.Modules;
using Decant.Tests.Inference;
using Decant.Torch;

namespace Decant.Tests.Data.Chats;

/// <summary>Conversations as tokens: which are learned, what is cut off, what a packed sequence sees.</summary>
public sealed class ChatSequenceTests
{
    private static readonly Decant.Text.ITokenizer s_bytes = OneByteATokenizer();

    [Fact]
    public void Tokens_whose_first_character_is_the_assistants_are_learned()
    {
        // Each token is a byte: "u:ab;" is given, "xy" learned, ";" given, "z" learned.
        var tokens = ChatTokens.Of(new("u:ab;xy;z", [(5, 7), (8, 9)]), s_bytes, 100)!;
        Assert.Equal("u:ab;xy;z", s_bytes.Decode(tokens.Ids));
        Assert.Equal([false, false, false, false, false, true, true, false, true], tokens.Learned);
        Assert.Equal((3, 0, 0), ((int)tokens.Bytes, tokens.LeftOut, tokens.LearnedLeftOut));
    }

    [Fact]
    public void Bytes_of_a_character_of_several_tokens_are_counted_once()
    {
        var tokens = ChatTokens.Of(new("ué😀", [(1, 4)]), s_bytes, 100)!;
        Assert.Equal((7, 6, 6L), (tokens.Ids.Length, tokens.Learned.Count(l => l), tokens.Bytes));
    }

    [Fact]
    public void A_token_across_the_border_belongs_to_where_it_begins()
    {
        var words = ModelFolders.Bytes;
        const string text = "a good film";
        var whole = words.Tokenize(text, null, new() { AddSpecial = false });
        var border = whole.Offsets[^1].Start + 1;
        var tokens = ChatTokens.Of(new(text, [(border - 1, text.Length)]), words, 100)!;
        Assert.True(tokens.Learned[^1]);
        Assert.Null(ChatTokens.Of(new(text, [(border, text.Length)]), words, 100)); // its only token begins before
    }

    [Fact]
    public void The_end_of_a_long_conversation_is_cut_off_and_counted()
    {
        var tokens = ChatTokens.Of(new("u:ab;xy;z", [(5, 7), (8, 9)]), s_bytes, 5)!; // five positions and a last label
        Assert.Equal(("u:ab;x", 3, 2, 1L), (s_bytes.Decode(tokens.Ids), tokens.LeftOut, tokens.LearnedLeftOut, tokens.Bytes));
    }

    [Fact]
    public void Where_the_end_would_be_all_that_is_learned_the_beginning_is_cut_off()
    {
        var tokens = ChatTokens.Of(new("0123456789xyz", [(10, 13)]), s_bytes, 5)!;
        Assert.Equal("789xyz", s_bytes.Decode(tokens.Ids));
        Assert.Equal([false, false, false, true, true, true], tokens.Learned);
        Assert.Equal((7, 0), (tokens.LeftOut, tokens.LearnedLeftOut));
    }

    [Fact]
    public void A_batch_asks_about_the_assistants_tokens_alone()
    {
        using var data = Sequences(isPacked: false, 100, out var notes, ("u:ab;xy;z", [(5, 7), (8, 9)]), ("q;r", [(2, 3)]));
        using var scope = TensorScope.Open();
        var batch = new CausalCollator(s_bytes, 100, endOfText: 0).Collate([data[0], data[1]], 1, 0);
        Assert.Equal("xyzr", s_bytes.Decode([.. batch.Labels.ToArray<long>().Select(id => (int)id)]));
        Assert.Equal([4L, 5, 7, 8 + 1], batch.Positions!.ToArray<long>()); // rows of eight positions
        Assert.Equal([3L, 1], batch.BytesPerSample!);
        Assert.Null(batch.Segments);
        Assert.Empty(notes);
    }

    [Fact]
    public void Packed_conversations_are_segments_and_predict_nothing_across()
    {
        using var data = Sequences(isPacked: true, 12, out var notes, ("u:ab;xy;z", [(5, 7), (8, 9)]), ("q;rs", [(2, 4)]), ("t;v", [(2, 3)]));
        Assert.Equal(2, data.Count); // 9 + 4 tokens fill the 13 of the first
        using var scope = TensorScope.Open();
        var batch = new CausalCollator(s_bytes, 12, endOfText: 0).Collate([data[0]], 1, 0);
        Assert.Equal("xyzrs", s_bytes.Decode([.. batch.Labels.ToArray<long>().Select(id => (int)id)]));
        Assert.Equal([4L, 5, 7, 10, 11], batch.Positions!.ToArray<long>());
        var segments = batch.Segments!.ToArray<long>();
        Assert.Equal(2, segments.Distinct().Count());
        Assert.Equal(9, segments.TakeWhile(s => s == segments[0]).Count());
        Assert.Contains("3 conversations are packed into 2 sequences, which they fill to 62 %", Assert.Single(notes), StringComparison.Ordinal);
    }

    [Fact]
    public void No_token_of_a_packed_conversation_changes_answers_in_another()
    {
        using var generator = new Generator(1);
        using var model = ModelFamilies.All.Single(f => f.Kind == "llama").Create(
            new LlamaOptions { Layers = 2, Hidden = 16, Heads = 2 }, new ModelContext { Task = ModelTask.CausalLanguageModel, Classes = 0, VocabularySize = s_bytes.VocabularySize, MaxTokens = 12 }, generator);
        model.Eval();
        (string, (int, int)[]) second = ("q;rs", [(2, 4)]);
        var whole = Answers(("u:ab;xy;z", [(5, 7), (8, 9)]), second);
        var other = Answers(("v.cd.xy.z", [(5, 7), (8, 9)]), second); // other questions, the same places
        Assert.Equal(whole[^2], other[^2]);
        Assert.Equal(whole[^1], other[^1]);
        Assert.NotEqual(whole[0], other[0]);
        var changed = Answers(("u:ab;xy;z", [(5, 7), (8, 9)]), ("w;rs", [(2, 4)]));
        Assert.Equal(whole[..3], changed[..3]);
        Assert.NotEqual(whole[^1], changed[^1]);
        var alone = Answers(second); // where its positions begin, too
        Assert.All(alone[^1].Zip(whole[^1]), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));

        float[][] Answers(params (string, (int, int)[])[] chats)
        {
            using var data = Sequences(isPacked: true, 12, out _, chats);
            using var scope = TensorScope.Open();
            var batch = new CausalCollator(s_bytes, 12, endOfText: 0).Collate([data[0]], 1, 0);
            var answers = model.Forward(new ModelInput(batch.Values, batch.AttentionMask, batch.TokenTypes, batch.Positions, batch.Segments)).ToArray<float>();
            return [.. answers.Chunk(s_bytes.VocabularySize)];
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_asked_is_what_the_assistant_says_and_nothing_of_the_users(bool isPacked)
    {
        var random = new Random(7);
        for (var round = 0; round < 50; round++)
        {
            var (text, spans, said) = (new StringBuilder(), new List<(int, int)>(), "");
            for (var turn = random.Next(1, 4); turn > 0; turn--)
            {
                text.Append('u', random.Next(1, 5));
                var (start, length) = (text.Length, random.Next(1, 5));
                text.Append('a', length);
                spans.Add((start, start + length));
                said += new string('a', length);
            }

            using var data = Sequences(isPacked, 100, out _, (text.ToString(), [.. spans]), ("uu" + text, [.. spans.Select(s => (s.Item1 + 2, s.Item2 + 2))]));
            using var scope = TensorScope.Open();
            var batch = new CausalCollator(s_bytes, 100, endOfText: 0).Collate([.. Enumerable.Range(0, data.Count).Select(i => data[i])], 1, 0);
            Assert.Equal(said + said, s_bytes.Decode([.. batch.Labels.ToArray<long>().Select(id => (int)id)]));
        }
    }

    [Fact]
    public void A_reply_ends_with_the_special_token_that_ends_most_messages()
    {
        Assert.Equal(s_bytes.TokenToId["[SEP]"], End("u:[MASK]a[SEP]\n", (8, 15)));
        Assert.Equal(s_bytes.TokenToId["[SEP]"], End("u:a[MASK]b[SEP]\n", (2, 16)));
        Assert.Null(End("u[SEP]:ab\n", (7, 10)));

        int? End(string text, (int, int) span)
        {
            using var data = Dataset.From("chats", [((SampleContent)new ChatContent(text, [span]), (string?)null)]);
            using var sequences = ChatSequences.Open(data, s_bytes, 50, isPacked: false, _ => { });
            return ChatEnds.Of(sequences, s_bytes);
        }
    }

    [Fact]
    public void A_first_token_is_predicted_by_nothing()
    {
        using var data = Sequences(isPacked: true, 12, out _, ("xy", [(0, 2)]), ("zw", [(0, 2)]));
        using var scope = TensorScope.Open();
        var batch = new CausalCollator(s_bytes, 12, endOfText: 0).Collate([data[0]], 1, 0);
        Assert.Equal("yw", s_bytes.Decode([.. batch.Labels.ToArray<long>().Select(id => (int)id)]));
        Assert.Equal([2L], batch.BytesPerSample!);
        Assert.Contains("the assistant says no token", Assert.Throws<DecantException>(() => Sequences(isPacked: false, 12, out _, ("x", [(0, 1)]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_cut_off_is_noted_with_its_line()
    {
        using var data = Sequences(isPacked: false, 5, out var notes, ("q;r", [(2, 3)]), ("u:ab;xy;z", [(5, 7), (8, 9)]));
        Assert.Contains("1 of 2 conversations (50 %) are longer than 5 tokens, the first at chats, sample 2; 3 tokens are cut off, 2 of them the assistant's: input.max-tokens", Assert.Single(notes), StringComparison.Ordinal);
    }

    private static Dataset Sequences(bool isPacked, int positions, out List<string> notes, params (string Text, (int, int)[] Spans)[] chats)
    {
        notes = [];
        using var data = Dataset.From("chats", chats.Select(c => ((SampleContent)new ChatContent(c.Text, c.Spans), (string?)null)));
        return ChatSequences.Open(data, s_bytes, positions, isPacked, notes.Add);
    }

    // Byte-level pairs without merges: every byte is a token.
    private static Decant.Text.ITokenizer OneByteATokenizer() => new Decant.Text.Training.ByteBpeOptions { Vocabulary = 257 }.Train(["ab"]);
}
