namespace Decant.Teachers.Answers.Packing;

/// <summary>Reads what <see cref="RangeEncoder"/> wrote; past the end of the bytes it reads zeros, so that damage gives wrong numbers and never an endless loop.</summary>
internal ref struct RangeDecoder
{
    private const uint Smallest = 1u << 24;

    private readonly ReadOnlySpan<byte> _input;
    private int _at;
    private uint _range = uint.MaxValue;
    private uint _code;

    /// <summary>Begins to read.</summary>
    /// <param name="input">All bytes of one encoder.</param>
    public RangeDecoder(ReadOnlySpan<byte> input)
    {
        _input = input;
        for (var i = 0; i < sizeof(uint); i++)
            _code = (_code << 8) | Next();
    }

    /// <summary>The next decision in a context.</summary>
    /// <param name="model">The model; it learns as that of the encoder did.</param>
    /// <param name="context">The context.</param>
    public int Read(BitModel model, int context)
    {
        var bound = (_range >> BitModel.Bits) * model.ZeroAt(context);
        int bit;
        if (_code < bound)
        {
            _range = bound;
            bit = 0;
        }
        else
        {
            _code -= bound;
            _range -= bound;
            bit = 1;
        }

        model.Learn(context, bit);
        Normalize();
        return bit;
    }

    /// <summary>The next bits that are as often 0 as 1.</summary>
    /// <param name="bits">How many.</param>
    public uint ReadEven(int bits)
    {
        var value = 0u;
        for (; bits > 0; bits -= Math.Min(bits, RangeEncoder.MostEven))
        {
            var some = Math.Min(bits, RangeEncoder.MostEven);
            _range >>= some;
            var part = Math.Min(_code / _range, (1u << some) - 1);
            _code -= part * _range;
            value = (value << some) | part;
            Normalize();
        }

        return value;
    }

    private void Normalize()
    {
        while (_range < Smallest)
        {
            _range <<= 8;
            _code = (_code << 8) | Next();
        }
    }

    private uint Next() => _at < _input.Length ? _input[_at++] : 0u;
}
