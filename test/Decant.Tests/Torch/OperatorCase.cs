using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using Decant.Torch;

namespace Decant.Tests.Torch;

/// <summary>A call of one public operator method, as an expression, so that the method it covers can be read off it.</summary>
/// <remarks>The name is that of the case in Golden/torch_operators.py. A call that gives nothing changes its arguments: then they are its outputs.</remarks>
internal sealed class OperatorCase
{
    private readonly Func<Tensor[], object?> _call;

    public OperatorCase(string name, Expression<Func<Tensor[], object>> call) : this(name, call, call.Compile())
    {
    }

    public OperatorCase(string name, Expression<Action<Tensor[]>> call) : this(name, call, InPlace(call.Compile())) => ChangesArguments = true;

    private OperatorCase(string name, LambdaExpression expression, Func<Tensor[], object?> call)
    {
        Name = name;
        _call = call;
        var found = new MethodFinder();
        found.Visit(expression);
        Covers = found.Methods;
    }

    public string Name { get; }

    public bool ChangesArguments { get; }

    public IReadOnlyCollection<MethodInfo> Covers { get; }

    /// <summary>The outputs, in order; random operators draw from a generator seeded with 0.</summary>
    public Tensor[] Run(Tensor[] inputs)
    {
        using (var random = Generator.Default())
            random.Seed(0);
        return _call(inputs) switch
        {
            null => inputs,
            Tensor one => [one],
            Tensor[] many => many,
            ITuple tuple => [.. Enumerable.Range(0, tuple.Length).Select(i => (Tensor)tuple[i]!)],
            var other => throw new InvalidOperationException($"{Name} gave {other}"),
        };
    }

    public override string ToString() => Name;

    private static Func<Tensor[], object?> InPlace(Action<Tensor[]> call) => inputs =>
    {
        call(inputs);
        return null;
    };

    private sealed class MethodFinder : ExpressionVisitor
    {
        public HashSet<MethodInfo> Methods { get; } = [];

        protected override Expression VisitMethodCall(MethodCallExpression node)
        {
            Methods.Add(node.Method);
            return base.VisitMethodCall(node);
        }

        protected override Expression VisitBinary(BinaryExpression node)
        {
            if (node.Method is not null)
                Methods.Add(node.Method);
            return base.VisitBinary(node);
        }

        protected override Expression VisitUnary(UnaryExpression node)
        {
            if (node.Method is not null)
                Methods.Add(node.Method);
            return base.VisitUnary(node);
        }
    }
}
