namespace Decant.Tests.Fuzz;

/// <summary>Ways to damage bytes: all that chance, a broken download and an attacker do.</summary>
internal static class ByteDamage
{
    private static readonly byte[][] s_pieces =
    [
        [(byte)'('], [(byte)')'], [(byte)'.'], [(byte)']'], [(byte)'}'], [(byte)'0'], [(byte)'1'], [(byte)'2'], [(byte)'a'], [(byte)'e'], [(byte)'s'], [(byte)'u'], [(byte)'t'],
        [(byte)'b'], [(byte)'R'], [(byte)'Q'], [(byte)'o'], [(byte)'l'], [(byte)'d'], [0x81], [0x85], [0x86], [0x87], [0x8f], [0x90], [0x91], [0x92], [0x93], [0x94],
        [(byte)'h', 0], [(byte)'h', 1], [(byte)'q', 0], [(byte)'r', 255, 255, 255, 255], [(byte)'j', 1, 0, 0, 0], [(byte)'K', 255], [(byte)'J', 255, 255, 255, 255],
        [(byte)'J', 255, 255, 255, 127], [0x8a, 8, 255, 255, 255, 255, 255, 255, 255, 127], [0x8b, 255, 255, 255, 127], [(byte)'X', 255, 255, 255, 255],
        [(byte)'B', 255, 255, 255, 127], [0x8d, 255, 255, 255, 255, 255, 255, 255, 127], [0x95, 255, 255, 255, 255, 255, 255, 255, 255], [0x80, 9], [0x80, 4],
        .. new[] { "cposix\nsystem\n", "ccollections\nOrderedDict\n", "ctorch\nSize\n", "ctorch\nLongStorage\n", "ctorch._utils\n_rebuild_tensor_v2\n", "c_codecs\nencode\n" }
            .Select(System.Text.Encoding.ASCII.GetBytes),
        .. new[] { "{", "}", "[", "]", "\"", ",", ":", "9999999999999999999", "-1", "1e308", "null", "\"dtype\"", "\"F64\"", "\"data_offsets\"", "\"__metadata__\"", "\\u0000" }
            .Select(System.Text.Encoding.ASCII.GetBytes),
    ];

    private static readonly ulong[] s_numbers = [0, 1, 2, 7, 8, 127, 128, 255, 256, 32767, 65535, int.MaxValue, uint.MaxValue, 1UL << 32, long.MaxValue, 1UL << 63, ulong.MaxValue];

    /// <summary>One to six changes of a file.</summary>
    /// <param name="good">The file.</param>
    /// <param name="other">Another one, from which parts are taken.</param>
    /// <param name="random">Chance.</param>
    /// <param name="from">Where the part begins that most changes are made in.</param>
    /// <param name="to">Where it ends.</param>
    public static byte[] Of(byte[] good, byte[] other, Random random, int from, int to)
    {
        var bytes = good.ToList();
        for (var n = random.Next(3) == 0 ? random.Next(2, 7) : 1; n > 0 && bytes.Count > 0; n--)
        {
            var end = random.Next(5) == 0 ? bytes.Count : Math.Min(to, bytes.Count);
            var at = random.Next(Math.Min(from, end - 1), end);
            Change(bytes, other, at, random);
        }

        return [.. bytes];
    }

    private static void Change(List<byte> bytes, byte[] other, int at, Random random)
    {
        switch (random.Next(9))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2 when random.Next(4) == 0:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 3:
                bytes.InsertRange(at, Part(other, random));
                break;
            case 4:
                bytes.RemoveRange(at, Math.Min(random.Next(1, 40), bytes.Count - at));
                break;
            case 5:
                bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 200), bytes.Count - at)));
                break;
            case 6:
                Number(bytes, at, random);
                break;
            default:
                bytes.InsertRange(at, Enumerable.Repeat(s_pieces[random.Next(s_pieces.Length)], random.Next(20) == 0 ? 300 : 1).SelectMany(p => p));
                break;
        }
    }

    private static void Number(List<byte> bytes, int at, Random random)
    {
        var number = BitConverter.GetBytes(s_numbers[random.Next(s_numbers.Length)]);
        var width = 1 << random.Next(4);
        for (var i = 0; i < width && at + i < bytes.Count; i++)
            bytes[at + i] = number[i];
    }

    private static byte[] Part(byte[] other, Random random)
    {
        var start = random.Next(other.Length);
        return other[start..Math.Min(other.Length, start + random.Next(1, 120))];
    }
}
