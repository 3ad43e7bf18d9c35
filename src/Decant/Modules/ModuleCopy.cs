using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using Decant.Torch;

namespace Decant.Modules;

/// <summary>Copies modules with all that is in them: new modules, new tensors with the same numbers on the same device, of any class.</summary>
/// <remarks>
/// <para>What a field holds is copied where it leads to a module or a tensor: a module, a tensor, an array, list, set or dictionary of them, an object or structure of a class of
/// one's own that has some. A tensor or module that is in several places is one in the copy too. Everything else, such as a configuration, both share.</para>
/// <para>No constructor runs. Gradients are not copied, and neither is who listens to a module.</para>
/// </remarks>
internal static class ModuleCopy
{
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>A copy, which is the caller's to dispose; training it leaves the original as it is.</summary>
    /// <param name="module">The module; nothing of it changes.</param>
    /// <exception cref="DecantException">
    /// A field cannot be copied, named with its class: a delegate that captured a module or tensor, a tensor that was worked out from a parameter and would not follow the copy's,
    /// or a collection of a kind that is not known here.
    /// </exception>
    public static T Of<T>(T module) where T : Module
    {
        ArgumentNullException.ThrowIfNull(module);
        using var suspended = TensorScope.Suspend();
        using var noGrad = Autograd.NoGrad();
        var copies = new Copies();
        try
        {
            return (T)copies.Of(module, module.GetType().Name)!;
        }
        catch
        {
            copies.Dispose();
            throw;
        }
    }

    /// <summary>A module of its own with the tensors of another: it computes the same with the same weights, which both have, and records its activations under its own path.</summary>
    /// <param name="module">The module; nothing of it changes. Disposing either releases the weights.</param>
    /// <exception cref="DecantException">A field cannot be copied, as for <see cref="Of"/>.</exception>
    public static T WithSameWeights<T>(T module) where T : Module
    {
        ArgumentNullException.ThrowIfNull(module);
        using var copies = new Copies(keepsTensors: true);
        return (T)copies.Of(module, module.GetType().Name)!;
    }

    /// <summary>A module of its own whose tensors lie over the memory of another's: there is one copy of the weights, which lives as long as either. Gradients, devices and replaced values are each one's own.</summary>
    /// <param name="module">The module; nothing of it changes. A value that is written into either's weights is in both.</param>
    /// <exception cref="DecantException">A field cannot be copied, as for <see cref="Of"/>.</exception>
    public static T OverSameMemory<T>(T module) where T : Module
    {
        ArgumentNullException.ThrowIfNull(module);
        using var suspended = TensorScope.Suspend();
        using var noGrad = Autograd.NoGrad();
        var copies = new Copies(keepsMemory: true);
        try
        {
            return (T)copies.Of(module, module.GetType().Name)!;
        }
        catch
        {
            copies.Dispose();
            throw;
        }
    }

    /// <param name="keepsTensors">Tensors are the original's; false: each is another.</param>
    /// <param name="keepsMemory">Others lie over the memory of the original's; false: they are copies.</param>
    private sealed class Copies(bool keepsTensors = false, bool keepsMemory = false) : IDisposable
    {
        private readonly Dictionary<object, object> _made = new(ReferenceEqualityComparer.Instance);

        public void Dispose()
        {
            foreach (var tensor in _made.Values.OfType<Tensor>())
                tensor.Dispose();
        }

        /// <param name="value">What a field holds.</param>
        /// <param name="place">The class and the field, for messages.</param>
        public object? Of(object? value, string place)
        {
            if (value is null || !Leads(value, new HashSet<object>(ReferenceEqualityComparer.Instance)))
                return value;
            if (_made.TryGetValue(value, out var made))
                return made;
            return value switch
            {
                Tensor tensor => OfTensor(tensor, place),
                Delegate => throw Refused(place, "a delegate that captured a module or a tensor: the copy's would still call the original. Make it a method, or keep what it needs in fields"),
                Array array => OfArray(array, place),
                IDictionary when IsGeneric(value, typeof(Dictionary<,>)) => OfDictionary(value, place),
                _ when IsGeneric(value, typeof(HashSet<>)) => OfSet(value, place),
                _ when IsCopiedByField(value.GetType()) => OfFields(value),
                _ => throw Refused(place, $"a {value.GetType().Name} with modules or tensors in it. Keep them in an array, a List, a HashSet, a Dictionary or a class of your own"),
            };
        }

        private Tensor OfTensor(Tensor tensor, string place)
        {
            if (tensor.IsDisposed || keepsTensors)
                return tensor;
            if (tensor.RequiresGrad && !tensor.IsLeaf)
                throw Refused(place, "a tensor that was worked out from a parameter: the copy's would not follow the copy's parameter. Work it out in the forward pass");
            var copy = Copy(tensor);
            _made[tensor] = copy;
            copy.RequiresGrad = tensor.RequiresGrad;
            return copy;
        }

        private Tensor Copy(Tensor tensor)
        {
            var detached = tensor.Detach();
            if (keepsMemory)
                return detached;
            using (detached)
                return detached.Clone();
        }

        private Array OfArray(Array array, string place)
        {
            var copy = (Array)array.Clone();
            _made[array] = copy;
            if (array.Rank != 1)
                throw Refused(place, $"an array of {array.Rank} dimensions with modules or tensors in it. Take one of one dimension");
            for (var i = 0; i < array.Length; i++)
                copy.SetValue(Of(array.GetValue(i), place), i);
            return copy;
        }

        // Where things lie in it depends on the keys, which may be copied ones.
        private object OfDictionary(object dictionary, string place)
        {
            var comparer = dictionary.GetType().GetProperty("Comparer")!.GetValue(dictionary);
            var copy = (IDictionary)Activator.CreateInstance(dictionary.GetType(), comparer)!;
            _made[dictionary] = copy;
            foreach (DictionaryEntry entry in (IDictionary)dictionary)
                copy.Add(Of(entry.Key, place)!, Of(entry.Value, place));
            return copy;
        }

        private object OfSet(object set, string place)
        {
            var type = set.GetType();
            var copy = Activator.CreateInstance(type, type.GetProperty("Comparer")!.GetValue(set))!;
            _made[set] = copy;
            var add = type.GetMethod("Add")!;
            foreach (var item in (IEnumerable)set)
                add.Invoke(copy, [Of(item, place)]);
            return copy;
        }

        private object OfFields(object value)
        {
            var type = value.GetType();
            var copy = RuntimeHelpers.GetUninitializedObject(type);
            if (!type.IsValueType)
                _made[value] = copy;
            foreach (var field in Fields(type))
                field.SetValue(copy, Apart(Of(field.GetValue(value), $"{field.DeclaringType!.Name}.{NameOf(field)}"), field));
            return copy;
        }
    }

    // What a module has registered is its own, also where that is nothing so far.
    private static object? Apart(object? held, FieldInfo field) => field.DeclaringType != typeof(Module) ? held : held switch
    {
        List<KeyValuePair<string, Module>> { Count: 0 } => new List<KeyValuePair<string, Module>>(),
        List<KeyValuePair<string, Tensor>> { Count: 0 } => new List<KeyValuePair<string, Tensor>>(),
        HashSet<Tensor> { Count: 0 } => new HashSet<Tensor>(ReferenceEqualityComparer.Instance),
        _ => held,
    };

    /// <summary>Whether there is a module or a tensor in something.</summary>
    private static bool Leads(object value, HashSet<object> seen)
    {
        if (value is Module or Tensor)
            return true;
        var type = value.GetType();
        if (value is string || type.IsPrimitive || type.IsEnum || value is Type or Operator || (!type.IsValueType && !seen.Add(value)))
            return false;
        return value switch
        {
            Delegate method => Array.Exists(method.GetInvocationList(), one => one.Target is { } target && Leads(target, seen)),
            Array array when type.GetElementType() is { IsPrimitive: true } => false,
            _ when IsCopiedByField(type) => Array.Exists(Fields(type), field => !field.FieldType.IsPrimitive && field.GetValue(value) is { } held && Leads(held, seen)),
            IEnumerable items => items.Cast<object?>().Any(item => item is not null && Leads(item, seen)),
            _ => false,
        };
    }

    /// <summary>Classes and structures of programs, tuples, and lists, which hold an array; of others of the system nothing is known.</summary>
    private static bool IsCopiedByField(Type type) =>
        (type.Namespace is not { } name || (name != "System" && !name.StartsWith("System.", StringComparison.Ordinal))) && !typeof(Delegate).IsAssignableFrom(type) && !type.IsArray
        || (type.IsGenericType && type.GetGenericTypeDefinition() is var generic
            && (generic == typeof(List<>) || generic == typeof(KeyValuePair<,>) || generic == typeof(Nullable<>) || generic.FullName!.StartsWith("System.ValueTuple`", StringComparison.Ordinal)));

    private static FieldInfo[] Fields(Type type)
    {
        var fields = new List<FieldInfo>();
        for (var own = type; own is not null && own != typeof(object); own = own.BaseType)
            fields.AddRange(own.GetFields(Own));
        return [.. fields];
    }

    private static bool IsGeneric(object value, Type definition) => value.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == definition;

    // A property's field is called <Name>k__BackingField.
    private static string NameOf(FieldInfo field) => field.Name is ['<', .. var rest] && rest.IndexOf('>', StringComparison.Ordinal) is > 0 and var end ? rest[..end] : field.Name;

    private static DecantException Refused(string place, string what) => new($"{place} cannot be copied: it holds {what}.");
}
