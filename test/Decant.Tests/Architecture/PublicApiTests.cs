using System.Reflection;
using System.Text;

namespace Decant.Tests.Architecture;

/// <summary>The public face of each library, approved. After a change that is meant: DECANT_APPROVE=1 ./decant test --filter PublicApi</summary>
public class PublicApiTests
{
    [Theory]
    [InlineData("Decant.Core")]
    [InlineData("Decant.Text")]
    [InlineData("Decant.Torch")]
    [InlineData("Decant")]
    [InlineData("Decant.Runs")]
    public void The_public_face_is_the_approved_one(string name)
    {
        var now = Describe(Assembly.Load(name));
        var source = Repository.Find($"test/Decant.Tests/Approved/{name}.txt");
        if (Environment.GetEnvironmentVariable("DECANT_APPROVE") == "1")
            File.WriteAllText(source, now);
        var approved = File.Exists(source) ? File.ReadAllText(source) : "";
        if (approved == now)
            return;
        var before = approved.Split('\n');
        var after = now.Split('\n');
        var changes = before.Except(after).Select(l => "- " + l).Concat(after.Except(before).Select(l => "+ " + l)).Take(40);
        Assert.Fail("The public face changed. If that is meant, run with DECANT_APPROVE=1.\n" + string.Join('\n', changes));
    }

    private static string Describe(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            var bases = new[] { type.BaseType }.OfType<Type>().Where(b => b != typeof(object) && b != typeof(ValueType) && b != typeof(Enum))
                .Concat(type.GetInterfaces().Where(i => i.Assembly == assembly && i.IsVisible)).Select(Name).Order(StringComparer.Ordinal);
            text.Append(type.IsInterface ? "interface " : type.IsEnum ? "enum " : type.IsValueType ? "struct " : type.IsAbstract && type.IsSealed ? "static " : type.IsAbstract ? "abstract " : "class ");
            text.Append(Name(type)).Append(bases.Any() ? " : " + string.Join(", ", bases) : "").Append('\n');
            foreach (var line in Members(type).Order(StringComparer.Ordinal))
                text.Append("  ").Append(line).Append('\n');
        }

        return text.ToString();
    }

    private static IEnumerable<string> Members(Type type)
    {
        const BindingFlags all = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        if (type.IsEnum)
            return Enum.GetNames(type).Select(n => $"{n} = {Convert.ToInt64(Enum.Parse(type, n))}");
        var members = new List<string>();
        members.AddRange(type.GetConstructors(all).Where(Visible).Select(c => $"new({Parameters(c)})"));
        members.AddRange(type.GetProperties(all).Where(p => p.GetMethod is { } g && Visible(g)).Select(p => $"{Name(p.PropertyType)} {p.Name} {{ get;{(p.SetMethod is { } s && Visible(s) ? " set;" : "")} }}"));
        members.AddRange(type.GetFields(all).Where(f => f.IsPublic || f.IsFamily).Select(f => $"{Name(f.FieldType)} {f.Name}"));
        members.AddRange(type.GetMethods(all)
            .Where(m => Visible(m) && (!m.IsSpecialName || m.Name.StartsWith("op_", StringComparison.Ordinal)) && !m.Name.Contains('<'))
            .Where(m => m.Name is not ("Equals" or "GetHashCode" or "ToString" or "PrintMembers" or "Deconstruct") && m.Name != "op_Equality" && m.Name != "op_Inequality")
            .Select(m => $"{(m.IsStatic ? "static " : "")}{Name(m.ReturnType)} {m.Name}({Parameters(m)})"));
        return members;
    }

    private static bool Visible(MethodBase m) => m.IsPublic || m.IsFamily || m.IsFamilyOrAssembly;

    private static string Parameters(MethodBase m) => string.Join(", ", m.GetParameters().Select(p => $"{Name(p.ParameterType)} {p.Name}{(p.HasDefaultValue ? " = " + (p.DefaultValue ?? "default") : "")}"));

    private static string Name(Type type)
    {
        if (type.IsGenericType)
            return (type.FullName ?? type.Name).Split('`')[0] + "<" + string.Join(", ", type.GetGenericArguments().Select(Name)) + ">";
        if (type.IsArray)
            return Name(type.GetElementType()!) + "[]";
        return type.FullName?.Replace("System.", "", StringComparison.Ordinal) ?? type.Name;
    }
}
