using System.Text;

namespace Decant.Text.Files;

/// <summary>The kinds of SentencePiece's pieces.</summary>
internal enum PieceKind
{
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6,
}

/// <summary>A piece with its score.</summary>
internal readonly record struct SentencePiece(string Text, float Score, PieceKind Kind);

/// <summary>What a SentencePiece model file says (<c>sentencepiece_model.proto</c>); the defaults are those of the format.</summary>
internal sealed record SentencePieceModel
{
    public const int Unigram = 1;
    public const int Bpe = 2;

    public List<SentencePiece> Pieces { get; } = [];

    public int ModelType { get; private set; } = Unigram;

    public bool ByteFallback { get; private set; }

    public bool SpaceIsSuffix { get; private set; }

    public byte[] Charsmap { get; private set; } = [];

    public bool AddsPrefix { get; private set; } = true;

    public bool RemovesExtraSpaces { get; private set; } = true;

    public bool EscapesSpaces { get; private set; } = true;

    /// <summary>A BPE model that neither normalizes text nor takes out spaces.</summary>
    public static SentencePieceModel OfBpe(IEnumerable<SentencePiece> pieces, bool byteFallback, bool addsPrefix)
    {
        var model = new SentencePieceModel { ModelType = Bpe, ByteFallback = byteFallback, AddsPrefix = addsPrefix, RemovesExtraSpaces = false };
        model.Pieces.AddRange(pieces);
        return model;
    }

    public static SentencePieceModel Read(ReadOnlySpan<byte> file)
    {
        var model = new SentencePieceModel();
        var reader = new ProtoReader(file);
        while (reader.Next())
        {
            if (reader.Field == 1) model.Pieces.Add(ReadPiece(reader.Bytes));
            else if (reader.Field == 2) model.ReadTraining(reader.Bytes);
            else if (reader.Field == 3) model.ReadNormalization(reader.Bytes);
        }

        return model.Pieces.Count > 0 ? model : throw new FormatException("there are no pieces");
    }

    private static SentencePiece ReadPiece(ReadOnlySpan<byte> message)
    {
        var (text, score, kind) = ("", 0f, PieceKind.Normal);
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field == 1) text = Encoding.UTF8.GetString(reader.Bytes);
            else if (reader.Field == 2) score = float.IsFinite(reader.Float) ? reader.Float : throw new FormatException($"a piece has the score {reader.Float}");
            else if (reader.Field == 3) kind = Enum.IsDefined((PieceKind)reader.Number) ? (PieceKind)reader.Number : throw new FormatException($"a piece of the kind {reader.Number}");
        }

        return float.IsFinite(score) ? new SentencePiece(text, score, kind) : throw new FormatException($"the piece '{text}' has no finite score");
    }

    private void ReadTraining(ReadOnlySpan<byte> message)
    {
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field == 3) ModelType = (int)reader.Number;
            else if (reader.Field == 24) SpaceIsSuffix = reader.Number != 0;
            else if (reader.Field == 35) ByteFallback = reader.Number != 0;
        }
    }

    private void ReadNormalization(ReadOnlySpan<byte> message)
    {
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field == 2) Charsmap = reader.Bytes.ToArray();
            else if (reader.Field == 3) AddsPrefix = reader.Number != 0;
            else if (reader.Field == 4) RemovesExtraSpaces = reader.Number != 0;
            else if (reader.Field == 5) EscapesSpaces = reader.Number != 0;
        }
    }
}
