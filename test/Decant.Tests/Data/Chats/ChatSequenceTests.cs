using Decant.Data;
using Decant.Data.Batching;
using Decant.Data.Chats;
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
