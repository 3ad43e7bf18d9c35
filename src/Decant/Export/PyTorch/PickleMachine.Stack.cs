namespace Decant.Export.PyTorch;

internal sealed partial class PickleMachine
{
    private int Floor => _marks.Count == 0 ? 0 : _marks[^1];

    private object? Peek() => _stack.Count > Floor ? _stack[^1] : throw new FormatException($"nothing is there to take at byte {_opcodeAt}");

    private object? Pop()
    {
        var value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    // POP takes a mark where nothing lies above it, as Python does.
    private void Drop()
    {
        if (_stack.Count == Floor && _marks.Count > 0)
            _marks.RemoveAt(_marks.Count - 1);
        else
            Pop();
    }

    private object?[] PopMarked()
    {
        if (_marks.Count == 0)
            throw new FormatException($"no mark is there at byte {_opcodeAt}");
        var items = _stack.GetRange(Floor, _stack.Count - Floor).ToArray();
        _stack.RemoveRange(Floor, items.Length);
        _marks.RemoveAt(_marks.Count - 1);
        return items;
    }

    private void Tuple(int count)
    {
        var items = new object?[count];
        for (var i = count - 1; i >= 0; i--)
            items[i] = Pop();
        _stack.Add(items);
    }

    private void NewDict()
    {
        var items = PopMarked();
        _stack.Add(new PickleDict());
        SetItems(items);
    }

    private void Append(object?[] items)
    {
        if (Peek() is not List<object?> list)
            throw new FormatException($"what is appended to at byte {_opcodeAt} is no list");
        list.AddRange(items);
    }

    private void SetItem()
    {
        var value = Pop();
        var key = Pop();
        SetItems([key, value]);
    }

    private void SetItems(object?[] items)
    {
        if (Peek() is not PickleDict dict || items.Length % 2 != 0)
            throw new FormatException($"what is set at byte {_opcodeAt} is no dictionary, or a value is missing");
        for (var i = 0; i < items.Length; i += 2)
            dict.Items.Add(new(items[i], items[i + 1]));
    }

    private void Recall(long index) =>
        _stack.Add(_memo.TryGetValue(index, out var value) ? value : throw new FormatException($"place {index} of the memo is empty at byte {_opcodeAt}"));

    private PickleName Name(string module, string name) => names.Find($"{module}.{name}", _opcodeAt);

    private void StackName()
    {
        var name = Pop() as string;
        var module = Pop() as string;
        if (name is null || module is null || name.Length > MaxName || module.Length > MaxName)
            throw new FormatException($"a name at byte {_opcodeAt} is no text, or too long");
        _stack.Add(Name(module, name));
    }

    private void CallTop()
    {
        var arguments = Pop();
        Call(Pop(), arguments);
    }

    private void CallWithKeywords()
    {
        if (Pop() is not PickleDict { Items.Count: 0 })
            throw Refused("a call with named arguments");
        CallTop();
    }

    private void CallNamed()
    {
        var name = Name(input.Line(MaxName), input.Line(MaxName));
        Call(name, PopMarked());
    }

    private void CallMarked()
    {
        var items = PopMarked();
        if (items.Length == 0)
            throw new FormatException($"nothing is there to call at byte {_opcodeAt}");
        Call(items[0], items[1..]);
    }

    private void Call(object? callee, object? arguments)
    {
        if (callee is not PickleName name || arguments is not object?[] values)
            throw new FormatException($"what is called at byte {_opcodeAt} is no function with a tuple");
        if (name.Call is null)
            throw Refused($"a call of {name.Name}");
        try
        {
            _stack.Add(name.Call(values));
        }
        catch (FormatException error)
        {
            throw new FormatException($"{name.Name} at byte {_opcodeAt}: {error.Message}", error);
        }
    }

    // An OrderedDict carries attributes of its own (a state_dict's versions). They are no tensors, and nothing is done with them.
    private void Build()
    {
        Pop();
        if (Peek() is not PickleDict)
            throw Refused("the state of an object that is no dictionary");
    }
}
