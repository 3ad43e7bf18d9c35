using System.Text;
using Decant.Text;

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

    /// <summary>A Unigram model by hand: three special pieces, 256 bytes, five pieces.</summary>
    internal static byte[] Model()
    {
        var file = new List<byte>();
        foreach (var (text, kind) in new[] { ("<unk>", 2), ("<s>", 3), ("</s>", 3) }) Piece(text, 0, kind);
        for (var i = 0; i < 256; i++) Piece($"<0x{i:X2}>", 0, 6);
        foreach (var (text, score) in new[] { ("▁", -2f), ("a", -4), ("b", -4), ("c", -4), ("▁ab", -5) }) Piece(text, score, 1);
        Message(file, 2, [0x18, 1, 0x98, 0x02, 1]); // model_type: unigram; byte_fallback: true
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
