using System.Globalization;
using System.Numerics;

namespace Decant.Export.PyTorch;

/// <summary>
/// Reads a pickle (Python's protocols 0 to 5) and runs nothing: it builds containers, numbers and text itself, knows the few names of <see cref="PickleNames"/>,
/// and refuses every other by its name.
/// </summary>
/// <remarks>Memory is bounded by the pickle's length: an opcode makes one small object at most, and lengths are checked before anything is read.</remarks>
internal sealed partial class PickleMachine(PickleInput input, PickleNames names)
{
    private const int MaxName = 1024;
    private const int MaxNumber = 1024;
    private const int MaxLine = 1 << 20;
    private const int HighestProtocol = 5;

    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private readonly Dictionary<long, object?> _memo = [];
    private long _opcodeAt;

    /// <summary>The object that the pickle encodes.</summary>
    /// <exception cref="FormatException">The pickle is damaged.</exception>
    /// <exception cref="PickleRefusedException">It wants what is not done here.</exception>
    public object? Run()
    {
        while (true)
        {
            _opcodeAt = input.Position;
            var opcode = input.Byte();
            if (opcode == (byte)'.')
                return Pop();
            if (!Scalar(opcode) && !Containers(opcode) && !Memory(opcode) && !Objects(opcode))
                throw new FormatException($"0x{opcode:x2} at byte {_opcodeAt} is no opcode");
        }
    }

    private bool Scalar(byte opcode)
    {
        object? value;
        switch ((char)opcode)
        {
            case 'N': value = null; break;
            case '\x88': value = true; break;
            case '\x89': value = false; break;
            case 'I': value = IntegerLine(); break;
            case 'L': value = Integer(input.Line(MaxNumber).TrimEnd('L')); break;
            case 'J': value = (long)input.Int32(); break;
            case 'K': value = (long)input.Byte(); break;
            case 'M': value = (long)input.UInt16(); break;
            case '\x8a': value = BigNumber(input.Byte()); break;
            case '\x8b': value = BigNumber(input.UInt32()); break;
            case 'F': value = Float(input.Line(MaxNumber)); break;
            case 'G': value = input.BigEndianDouble(); break;
            case 'S': value = Quoted(input.Line(MaxLine)); break;
            case 'T': value = Latin(input.Bytes(input.UInt32())); break;
            case 'U': value = Latin(input.Bytes(input.Byte())); break;
            case 'V': value = input.Line(MaxLine); break;
            case 'X': value = input.Text(input.UInt32()); break;
            case '\x8c': value = input.Text(input.Byte()); break;
            case '\x8d': value = input.Text(input.UInt64()); break;
            case 'B': value = input.Bytes(input.UInt32()); break;
            case 'C': value = input.Bytes(input.Byte()); break;
            case '\x8e' or '\x96': value = input.Bytes(input.UInt64()); break;
            default: return false;
        }

        _stack.Add(value);
        return true;
    }

    private bool Containers(byte opcode)
    {
        switch ((char)opcode)
        {
            case '(': _marks.Add(_stack.Count); break;
            case ')': _stack.Add(Array.Empty<object?>()); break;
            case '\x85': Tuple(1); break;
            case '\x86': Tuple(2); break;
            case '\x87': Tuple(3); break;
            case 't': _stack.Add(PopMarked()); break;
            case ']' or '\x8f': _stack.Add(new List<object?>()); break;
            case 'l' or '\x91': _stack.Add(new List<object?>(PopMarked())); break;
            case '}': _stack.Add(new PickleDict()); break;
            case 'd': NewDict(); break;
            case 'a': Append([Pop()]); break;
            case 'e' or '\x90': Append(PopMarked()); break;
            case 's': SetItem(); break;
            case 'u': SetItems(PopMarked()); break;
            default: return false;
        }

        return true;
    }

    private bool Memory(byte opcode)
    {
        switch ((char)opcode)
        {
            case '\x80': Protocol(input.Byte()); break;
            case '\x95': Frame(input.UInt64()); break;
            case '0': Drop(); break;
            case '1': PopMarked(); break;
            case '2': _stack.Add(Peek()); break;
            case 'g': Recall(Index(input.Line(MaxName))); break;
            case 'h': Recall(input.Byte()); break;
            case 'j': Recall(input.UInt32()); break;
            case 'p': _memo[Index(input.Line(MaxName))] = Peek(); break;
            case 'q': _memo[input.Byte()] = Peek(); break;
            case 'r': _memo[input.UInt32()] = Peek(); break;
            case '\x94': _memo[_memo.Count] = Peek(); break;
            default: return false;
        }

        return true;
    }

    private bool Objects(byte opcode)
    {
        switch ((char)opcode)
        {
            case 'c': _stack.Add(Name(input.Line(MaxName), input.Line(MaxName))); break;
            case '\x93': StackName(); break;
            case 'R' or '\x81': CallTop(); break;
            case '\x92': CallWithKeywords(); break;
            case 'i': CallNamed(); break;
            case 'o': CallMarked(); break;
            case 'b': Build(); break;
            case 'Q': _stack.Add(names.Persistent(Pop(), _opcodeAt)); break;
            case 'P': throw Refused("a persistent id in words");
            case '\x82' or '\x83' or '\x84': throw Refused("an object of Python's extension registry");
            case '\x97' or '\x98': throw Refused("a buffer outside of the file");
            default: return false;
        }

        return true;
    }

    private PickleRefusedException Refused(string what) => new(what, _opcodeAt);

    private static void Protocol(byte version)
    {
        if (version > HighestProtocol)
            throw new FormatException($"it is written in pickle's protocol {version}; known are 0 to {HighestProtocol}");
    }

    private void Frame(ulong length) => input.Announce(length);

    private object IntegerLine()
    {
        var line = input.Line(MaxNumber);
        return line switch { "00" => false, "01" => true, _ => Integer(line) };
    }

    private object Integer(string digits) => BigInteger.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        ? Narrow(number)
        : throw new FormatException($"'{digits}' at byte {_opcodeAt} is no number");

    private object Float(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new FormatException($"'{text}' at byte {_opcodeAt} is no number");

    private long Index(string digits) => long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
        ? index
        : throw new FormatException($"'{digits}' at byte {_opcodeAt} is no place of the memo");

    private object BigNumber(uint length) => length <= MaxNumber
        ? Narrow(new BigInteger(input.Bytes(length)))
        : throw new FormatException($"a number of {length} bytes at byte {_opcodeAt}; more than {MaxNumber} are refused");

    // Cast by hand: the two would else become one type, and that is the wide one.
    private static object Narrow(BigInteger number) => number >= long.MinValue && number <= long.MaxValue ? (object)(long)number : number;

    private string Quoted(string line) =>
        line is [('\'' or '"') and var first, .., var last] && first == last && !line.Contains('\\', StringComparison.Ordinal)
            ? line[1..^1]
            : throw new FormatException($"the quoted text at byte {_opcodeAt} is not read: quotes are missing, or it has escapes");

    private static string Latin(byte[] bytes) => System.Text.Encoding.Latin1.GetString(bytes);
}
