namespace Decant.Tests.Fuzz;

/// <summary>Damages a file.</summary>
/// <param name="good">The file.</param>
/// <param name="other">Another one, from which parts are taken.</param>
/// <param name="random">Chance.</param>
internal delegate byte[] Damage(byte[] good, byte[] other, Random random);

/// <summary>A good file with those that it is read with, and how it is damaged and read.</summary>
/// <param name="Format">What it is, as the counts name it.</param>
/// <param name="File">Its name in the seed's folder.</param>
/// <param name="Content">What is damaged: the file, or what <see cref="Wrap"/> makes it of.</param>
/// <param name="Damage">How it is damaged.</param>
/// <param name="Read">Reads it as the program does, from the seed's folder.</param>
internal sealed record FuzzSeed(string Format, string File, byte[] Content, Damage Damage, Action<string> Read)
{
    /// <summary>The files beside it.</summary>
    public IReadOnlyDictionary<string, byte[]> Beside { get; init; } = new Dictionary<string, byte[]>();

    /// <summary>Makes the file of what was damaged, such as an archive of a damaged pickle.</summary>
    public Func<byte[], byte[]> Wrap { get; init; } = content => content;

    /// <summary>Further files that belong to the damaged one, such as its checksums.</summary>
    public Func<byte[], IEnumerable<(string File, byte[] Content)>> Seal { get; init; } = _ => [];

    /// <summary>Managed memory that reading may take for each byte of the file.</summary>
    public long BytesPerByte { get; init; } = 256;

    /// <summary>Managed memory that reading may take for a file of any length.</summary>
    public long BytesPerFile { get; init; } = 2 << 20;
}
