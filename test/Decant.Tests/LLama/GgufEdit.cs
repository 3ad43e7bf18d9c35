using System.Text;
using Decant.Export.Gguf.Format;

namespace Decant.Tests.LLama;

/// <summary>Changes settings of GGUF files.</summary>
internal static class GgufEdit
{
    private const int Alignment = 32;

    /// <summary>Puts another text in the place of a setting's.</summary>
    public static void Text(string path, string key, string value)
    {
        var bytes = File.ReadAllBytes(path);
        var (at, data) = (Place(bytes, key), FirstTensor(path));
        var length = BitConverter.ToInt32(bytes, at);
        var text = Encoding.UTF8.GetBytes(value);
        byte[] head = [.. bytes[..at], .. BitConverter.GetBytes((long)text.Length), .. text, .. Trimmed(bytes[(at + 8 + length)..data])];
        Rewrite(path, head, bytes[data..]);
    }

    /// <summary>Puts another number of 4 bytes in the place of a setting's.</summary>
    public static void Number(string path, string key, uint value)
    {
        var bytes = File.ReadAllBytes(path);
        BitConverter.GetBytes(value).CopyTo(bytes, Place(bytes, key));
        File.WriteAllBytes(path, bytes);
    }

    /// <summary>Gives a setting another key of the same length.</summary>
    public static void Rename(string path, string key, string other)
    {
        Assert.Equal(key.Length, other.Length);
        var bytes = File.ReadAllBytes(path);
        Encoding.UTF8.GetBytes(other).CopyTo(bytes, Place(bytes, key) - sizeof(uint) - key.Length);
        File.WriteAllBytes(path, bytes);
    }

    /// <summary>Adds a number of 4 bytes.</summary>
    public static void Add(string path, string key, uint value)
    {
        var bytes = File.ReadAllBytes(path);
        var data = FirstTensor(path);
        BitConverter.GetBytes(BitConverter.ToInt64(bytes, 16) + 1).CopyTo(bytes, 16);
        byte[] added = [.. BitConverter.GetBytes((long)key.Length), .. Encoding.UTF8.GetBytes(key), .. BitConverter.GetBytes((uint)GgufKind.UInt32), .. BitConverter.GetBytes(value)];
        Rewrite(path, [.. bytes[..24], .. added, .. Trimmed(bytes[24..data])], bytes[data..]);
    }

    // Places of tensors count from the end of the head, which is filled up.
    private static void Rewrite(string path, byte[] head, byte[] data) => File.WriteAllBytes(path, [.. head, .. new byte[(Alignment - (head.Length % Alignment)) % Alignment], .. data]);

    // The filling before the first tensor: the last place of a tensor is 8 bytes, whose upper ones are 0.
    private static byte[] Trimmed(byte[] head)
    {
        var end = head.Length;
        while (end > 0 && head[end - 1] == 0)
            end--;
        return [.. head[..end], .. new byte[5]];
    }

    private static int Place(byte[] bytes, string key)
    {
        byte[] wanted = [.. BitConverter.GetBytes((long)key.Length), .. Encoding.UTF8.GetBytes(key)];
        var found = bytes.AsSpan().IndexOf(wanted);
        Assert.True(found > 0, $"{key} is not there");
        return found + wanted.Length + sizeof(uint);
    }

    private static int FirstTensor(string path) => (int)GgufFile.Open(path).Tensors.Values.Min(t => t.Offset);
}
