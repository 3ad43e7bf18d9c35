namespace Decant.Export.Gguf.Format;

/// <summary>The kinds of settings, with their numbers in files.</summary>
internal enum GgufKind : uint
{
    UInt8,
    Int8,
    UInt16,
    Int16,
    UInt32,
    Int32,
    Float32,
    Bool,
    Text,
    Array,
    UInt64,
    Int64,
    Float64,
}

/// <summary>What all GGUF files have in common.</summary>
internal static class GgufFormat
{
    /// <summary>The first four bytes, <c>GGUF</c>.</summary>
    public const uint Magic = 0x46554747;

    /// <summary>The version that is written; 2 is read too, which differs in nothing that is read here.</summary>
    public const uint Version = 3;

    /// <summary>What places of tensors are multiples of, where a file says nothing else.</summary>
    public const int Alignment = 32;

    /// <summary>The next multiple of a number.</summary>
    public static long Aligned(long offset, int alignment) => (offset + alignment - 1) / alignment * alignment;

    /// <summary>How a type of C# is stored.</summary>
    public static GgufKind KindOf(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.UInt32 => GgufKind.UInt32,
        TypeCode.Single => GgufKind.Float32,
        TypeCode.Boolean => GgufKind.Bool,
        TypeCode.String => GgufKind.Text,
        _ when type.IsAssignableTo(typeof(System.Collections.IEnumerable)) => GgufKind.Array,
        _ => throw new ArgumentException($"A {type.Name} is no setting that is written.", nameof(type)),
    };

    /// <summary>The bytes of a number of a kind; 0: it is no number.</summary>
    public static int BytesOf(GgufKind kind) => kind switch
    {
        GgufKind.UInt8 or GgufKind.Int8 or GgufKind.Bool => 1,
        GgufKind.UInt16 or GgufKind.Int16 => 2,
        GgufKind.UInt32 or GgufKind.Int32 or GgufKind.Float32 => 4,
        GgufKind.UInt64 or GgufKind.Int64 or GgufKind.Float64 => 8,
        _ => 0,
    };
}
