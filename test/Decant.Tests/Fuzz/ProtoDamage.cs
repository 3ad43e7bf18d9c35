namespace Decant.Tests.Fuzz;

/// <summary>Changes of a protocol-buffer message: field numbers, wire types, lengths that lie, numbers without an end, fields that come twice or in messages of their own.</summary>
internal static class ProtoDamage
{
    private static readonly ulong[] s_numbers = [0, 1, 2, 3, 5, 127, 128, 300, 65_536, int.MaxValue, uint.MaxValue, 1UL << 35, long.MaxValue, ulong.MaxValue];

    public static byte[] Of(byte[] good, byte[] other, Random random)
    {
        if (random.Next(5) == 0 || Fields(good) is not { Count: > 0 } fields)
            return ByteDamage.Of(good, other, random, 0, good.Length);
        for (var n = random.Next(3) == 0 ? random.Next(2, 5) : 1; n > 0; n--)
            Change(fields, other, random);
        return [.. fields.SelectMany(f => f)];
    }

    private static void Change(List<byte[]> fields, byte[] other, Random random)
    {
        var at = random.Next(fields.Count);
        var field = fields[at];
        switch (field.Length == 0 ? 1 : random.Next(9))
        {
            case 0 when fields.Count > 1:
                fields.RemoveAt(at);
                break;
            case 1:
                fields.Insert(random.Next(fields.Count), field);
                break;
            case 2:
                fields.InsertRange(at, Enumerable.Repeat(field, 200));
                break;
            case 3:
                fields[at] = [.. Varint((s_numbers[random.Next(s_numbers.Length)] << 3) | (uint)random.Next(8)), .. field[1..]];
                break;
            case 4:
                fields[at] = [(byte)((field[0] & 0xF8) | random.Next(8)), .. field[1..]];
                break;
            case 5 when field.Length > 1:
                fields[at] = [field[0], .. Varint(s_numbers[random.Next(s_numbers.Length)]), .. field[2..]];
                break;
            case 6:
                fields.Insert(at, [(byte)(random.Next(1, 16) << 3), .. Enumerable.Repeat((byte)0xFF, random.Next(1, 14))]);
                break;
            case 7 when (field[0] & 7) == 2 && field.Length > 2:
                var inner = Of(field[2..], other, random); // of messages with a length of one byte
                fields[at] = [field[0], .. Varint((ulong)inner.Length), .. inner];
                break;
            default:
                fields[at] = ByteDamage.Of(field, other, random, 0, field.Length);
                break;
        }
    }

    /// <summary>The fields, each with its tag; null where it is no message.</summary>
    private static List<byte[]>? Fields(byte[] message)
    {
        var fields = new List<byte[]>();
        for (var at = 0; at < message.Length;)
        {
            var start = at;
            var tag = ReadVarint(message, ref at);
            switch (tag & 7)
            {
                case 0:
                    ReadVarint(message, ref at);
                    break;
                case 1:
                    at += 8;
                    break;
                case 2:
                    var length = ReadVarint(message, ref at);
                    at += (int)Math.Min(length, int.MaxValue / 2);
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    return null;
            }

            if (at > message.Length)
                return null;
            fields.Add(message[start..at]);
        }

        return fields;
    }

    private static ulong ReadVarint(byte[] bytes, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; at < bytes.Length && shift < 64; shift += 7)
        {
            var next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                break;
        }

        return value;
    }

    private static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        return [.. bytes, (byte)value];
    }
}
