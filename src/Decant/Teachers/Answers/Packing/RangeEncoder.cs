using System.Buffers;

namespace Decant.Teachers.Answers.Packing;

/// <summary>An arithmetic coder of binary decisions with 32 bits and a carry; <see cref="RangeDecoder"/> reads what it writes.</summary>
/// <param name="output">Where the bytes go.</param>
internal sealed class RangeEncoder(IBufferWriter<byte> output)
{
    /// <summary>How many even bits are coded at once: of a range of 24 bits, 8 are left.</summary>
    internal const int MostEven = 16;

    private const uint Smallest = 1u << 24;

    private ulong _low;
    private uint _range = uint.MaxValue;
    private byte _held;           // the last byte, which a carry may still change
    private long _pending;        // bytes 0xFF that follow it
    private bool _isFirst = true; // the first byte that would leave is always 0

    /// <summary>Codes a decision with the probability that a model has learned for its context.</summary>
    /// <param name="model">The model; it learns.</param>
    /// <param name="context">The context.</param>
    /// <param name="bit">0 or 1.</param>
    public void Write(BitModel model, int context, int bit)
    {
        var bound = (_range >> BitModel.Bits) * model.ZeroAt(context);
        if (bit == 0)
        {
            _range = bound;
        }
        else
        {
            _low += bound;
            _range -= bound;
        }

        model.Learn(context, bit);
        Normalize();
    }

    /// <summary>Codes bits that are as often 0 as 1.</summary>
    /// <param name="value">The number that they make.</param>
    /// <param name="bits">How many, at most 32.</param>
    public void WriteEven(uint value, int bits)
    {
        for (; bits > 0; bits -= Math.Min(bits, MostEven))
        {
            var some = Math.Min(bits, MostEven);
            _range >>= some;
            _low += (ulong)_range * ((value >> (bits - some)) & ((1u << some) - 1));
            Normalize();
        }
    }

    /// <summary>Writes what is held back. Nothing can be coded after it.</summary>
    public void Finish()
    {
        // A number of the interval with as many zero bytes at its end as there can be; the decoder reads zeros past the end.
        for (var zeros = 24; zeros >= 0; zeros -= 8)
        {
            var mask = (1UL << zeros) - 1;
            var value = (_low + mask) & ~mask;
            if (value - _low >= _range)
                continue;
            _low = value;
            break;
        }

        while ((_low & uint.MaxValue) != 0 || _low > uint.MaxValue)
            Shift();
        Flush(0);
    }

    private void Normalize()
    {
        while (_range < Smallest)
        {
            _range <<= 8;
            Shift();
        }
    }

    private void Shift()
    {
        if (_low is < 0xFF000000 or > uint.MaxValue)
        {
            Flush((byte)(_low >> 32));
            _held = (byte)(_low >> 24);
        }
        else
        {
            _pending++;
        }

        _low = (_low << 8) & uint.MaxValue;
    }

    private void Flush(byte carry)
    {
        if (!_isFirst)
            Put((byte)(_held + carry));
        _isFirst = false;
        for (; _pending > 0; _pending--)
            Put((byte)(0xFF + carry));
    }

    private void Put(byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }
}
