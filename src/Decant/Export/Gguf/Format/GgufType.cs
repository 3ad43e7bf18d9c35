namespace Decant.Export.Gguf.Format;

/// <summary>The types of tensors that llama.cpp knows, with their numbers (<c>enum ggml_type</c>); the names are those of its tools.</summary>
internal readonly record struct GgufType
{
    private static readonly GgufType[] s_all =
    [
        new(0, "F32", 1, 4), new(1, "F16", 1, 2), new(2, "Q4_0", 32, 18), new(3, "Q4_1", 32, 20), new(6, "Q5_0", 32, 22), new(7, "Q5_1", 32, 24), new(8, "Q8_0", 32, 34), new(9, "Q8_1", 32, 36),
        new(10, "Q2_K", 256, 84), new(11, "Q3_K", 256, 110), new(12, "Q4_K", 256, 144), new(13, "Q5_K", 256, 176), new(14, "Q6_K", 256, 210), new(15, "Q8_K", 256, 292),
        new(16, "IQ2_XXS", 256, 66), new(17, "IQ2_XS", 256, 74), new(18, "IQ3_XXS", 256, 98), new(19, "IQ1_S", 256, 50), new(20, "IQ4_NL", 32, 18), new(21, "IQ3_S", 256, 110), new(22, "IQ2_S", 256, 82), new(23, "IQ4_XS", 256, 136),
        new(24, "I8", 1, 1), new(25, "I16", 1, 2), new(26, "I32", 1, 4), new(27, "I64", 1, 8), new(28, "F64", 1, 8), new(29, "IQ1_M", 256, 56), new(30, "BF16", 1, 2), new(34, "TQ1_0", 256, 54), new(35, "TQ2_0", 256, 66), new(39, "MXFP4", 32, 17),
    ];

    private GgufType(uint number, string name, int block, int bytes) => (Number, Name, Block, Bytes) = (number, name, block, bytes);

    /// <summary>4 bytes a number.</summary>
    public static GgufType F32 { get; } = Of(0)!.Value;

    /// <summary>2 bytes a number.</summary>
    public static GgufType F16 { get; } = Of(1)!.Value;

    /// <summary>4 bits a number, and a float16 factor for 32 of them.</summary>
    public static GgufType Q4 { get; } = Of(2)!.Value;

    /// <summary>8 bits a number, and a float16 factor for 32 of them.</summary>
    public static GgufType Q8 { get; } = Of(8)!.Value;

    /// <summary>Its number in files.</summary>
    public uint Number { get; }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>How many numbers of a row are stored together.</summary>
    public int Block { get; }

    /// <summary>The bytes of a block.</summary>
    public int Bytes { get; }

    /// <summary>The type of a number; null: there is none.</summary>
    public static GgufType? Of(uint number)
    {
        foreach (var type in s_all)
            if (type.Number == number)
                return type;
        return null;
    }

    /// <summary>Whether rows of a length are whole blocks.</summary>
    public bool Divides(long row) => row % Block == 0;

    /// <summary>The bytes of a number of elements in whole blocks.</summary>
    public long BytesFor(long elements) => elements / Block * Bytes;
}
