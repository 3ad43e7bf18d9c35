using System.Text;
using Decant.Text.Files;

namespace Decant.Tests.Text;

public class SentencePieceFileTests
{
    [Fact]
    public void A_model_file_is_read_with_its_scores_bytes_and_control_symbols()
    {
        using var folder = new TemporaryFolder();
        var tokenizer = TokenizerFile.Load(folder.Write("tokenizer.model", Model()));
        Assert.Equal(["▁ab", "c"], tokenizer.Tokenize("ab c".Replace(" ", "", StringComparison.Ordinal)).Tokens);
        Assert.Equal(["▁", "<0xC3>", "<0xA9>"], tokenizer.Tokenize(" é  ").Tokens);
        Assert.Equal("é", tokenizer.Decode(tokenizer.Encode("é")));
        Assert.Equal((1, 2, 0), (tokenizer.Special.Bos, tokenizer.Special.Eos, tokenizer.Special.Unknown));
        Assert.Null(tokenizer.Special.Mask);
        Assert.Equal(2, tokenizer.Special.Filler);
    }

    [Theory]
    [InlineData("-", "▁|-")]
    [InlineData("ab-c", "▁ab|-|c")]
    [InlineData(" - ab", "▁|-|▁ab")]
    [InlineData("c <mark>ab", "▁|c|▁|<mark>|a|b")]
    [InlineData("<mark>-", "▁|<mark>|-")]
    [InlineData("</s>ab", "</s>|▁ab")]
    public void A_user_defined_piece_keeps_the_space_before_it_as_in_SentencePiece(string text, string tokens)
    {
        foreach (var isBpe in new[] { false, true })
        {
            using var folder = new TemporaryFolder();
            var tokenizer = TokenizerFile.Load(folder.Write("tokenizer.model", Model(isBpe, "-", "<mark>")));
            Assert.Equal(tokens.Split('|'), tokenizer.Tokenize(text).Tokens);
            TokenizerFile.Save(tokenizer, folder.Path, maxTokens: 9);
            var saved = TokenizerFile.Load(Path.Combine(folder.Path, "tokenizer.json"));
            Assert.Equal(tokenizer.Encode(text), saved.Encode(text));
            Assert.Equal(tokenizer.Hash, saved.Hash);
        }
    }

    [Theory]
    [InlineData("""{"tokenizer_class":"LlamaTokenizer"}""", "<s>|▁ab")]
    [InlineData("""{"tokenizer_class":"LlamaTokenizerFast","add_bos_token":false,"add_eos_token":true}""", "▁ab|</s>")]
    [InlineData("""{"tokenizer_class":"T5TokenizerFast"}""", "▁ab|</s>")]
    [InlineData("{}", "▁ab")]
    public void The_class_that_is_named_says_what_stands_around_a_text(string settings, string tokens)
    {
        using var folder = new TemporaryFolder();
        folder.Write("tokenizer.model", Model());
        folder.Write("tokenizer_config.json", settings);
        Assert.Equal(tokens.Split('|'), TokenizerFile.Load(folder.Path).Tokenize("ab").Tokens);
    }

    [Theory]
    [InlineData("AlbertTokenizer")]
    [InlineData("XLMRobertaTokenizer")]
    [InlineData("DebertaV2Tokenizer")]
    public void A_class_with_a_frame_of_its_own_is_refused_by_name(string name)
    {
        using var folder = new TemporaryFolder();
        folder.Write("spiece.model", Model());
        folder.Write("tokenizer_config.json", $$"""{"tokenizer_class":"{{name}}"}""");
        Assert.Contains($"what a {name} adds to this file's pieces is not known; served are LlamaTokenizer", Assert.Throws<DecantException>(() => TokenizerFile.Load(folder.Path)).Message);
    }

    /// <summary>A model by hand: three special pieces, 256 bytes, five pieces, and user-defined ones.</summary>
    internal static byte[] Model(bool isBpe = false, params string[] userDefined)
    {
        var file = new List<byte>();
        foreach (var (text, kind) in new[] { ("<unk>", 2), ("<s>", 3), ("</s>", 3) }) Piece(text, 0, kind);
        for (var i = 0; i < 256; i++) Piece($"<0x{i:X2}>", 0, 6);
        foreach (var (text, score) in new[] { ("▁", -2f), ("a", -4), ("b", -4), ("c", -4), ("▁ab", -5) }) Piece(text, score, 1);
        if (isBpe) Piece("▁a", -3, 1);
        foreach (var text in userDefined) Piece(text, 0, 4);
        Message(file, 2, [0x18, (byte)(isBpe ? 2 : 1), 0x98, 0x02, 1]); // model_type; byte_fallback: true
        return [.. file];

        void Piece(string text, float score, int kind)
        {
            var piece = new List<byte>();
            Message(piece, 1, Encoding.UTF8.GetBytes(text));
            piece.AddRange([0x15, .. BitConverter.GetBytes(score), 0x18, (byte)kind]);
            Message(file, 1, [.. piece]);
        }
    }

    private static void Message(List<byte> into, int field, byte[] content) => into.AddRange([(byte)((field << 3) | 2), (byte)content.Length, .. content]);
}
