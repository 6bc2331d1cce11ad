import { expect } from 'chai';
import { renderTemplate } from '../../../nginx/template.ts';

describe('template', () => {
  it('puts values in', () => {
    expect(renderTemplate('a {{x}} {{y}};', { x: 1, y: 'two' })).to.equal('a 1 two;');
  });

  it('repeats a block for each item of a list', () => {
    expect(renderTemplate('{{#n}}\nserver {{n}};\n{{/n}}\n', { n: ['a', 'b'] })).to.equal(
      'server a;\nserver b;\n',
    );
  });

  it('leaves a block out for undefined, false and an empty list', () => {
    for (const n of [undefined, false, []])
      expect(renderTemplate('x\n{{#n}}\ny\n{{/n}}\n', { n })).to.equal('x\n');
  });

  it('keeps a block for a value, true included', () => {
    expect(renderTemplate('{{#n}}\non;\n{{/n}}\n', { n: true })).to.equal('on;\n');
  });

  it('refuses a name without a value', () => {
    expect(() => renderTemplate('{{x}}', {})).to.throw('x');
    expect(() => renderTemplate('{{#x}}\n{{/x}}\n', {})).to.throw('x');
  });

  for (const bad of ['a;b', 'a\nb', '{', '}', '"', '$host', '\\'])
    it(`refuses a value that could leave its directive: ${JSON.stringify(bad)}`, () => {
      expect(() => renderTemplate('{{x}}', { x: bad })).to.throw('misread');
    });
});
