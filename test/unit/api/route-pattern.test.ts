import { expect } from 'chai';
import { RoutePatterns } from '../../../api/middleware/route-pattern.ts';
import { ROUTES } from '../../../api/routes/schemas/index.ts';

describe('the pattern of a request', () => {
  const patterns = new RoutePatterns(ROUTES);
  const nameOf = (method: string, path: string): string => patterns.nameOf(method, `/api/v1${path}`);

  it('is that of its route, whatever stands in its parameters', () => {
    expect(nameOf('POST', '/rooms/abc/messages')).to.equal('POST /rooms/:room/messages');
    expect(nameOf('PUT', '/rooms/abc/messages/7/reactions/%F0%9F%91%8D')).to.equal(
      'PUT /rooms/:room/messages/:seq/reactions/:emoji',
    );
  });

  it('ignores the query, and what the router ignores', () => {
    expect(nameOf('GET', '/users?q=a/b/c')).to.equal('GET /users');
    expect(nameOf('GET', '/users#a')).to.equal('GET /users');
    expect(nameOf('GET', '/users/#')).to.equal('none');
    expect(nameOf('GET', '/users\u00a0')).to.equal('GET /users');
  });

  it('prefers what is written out', () => {
    expect(nameOf('GET', '/users/me')).to.equal('GET /users/me');
    expect(nameOf('GET', '/users/mel')).to.equal('GET /users/:user');
  });

  it('is none for what no route answers', () => {
    expect(nameOf('GET', '/nowhere')).to.equal('none');
    expect(nameOf('BREW', '/rooms')).to.equal('none');
    for (const path of ['/users/', '/Users', '/users//', '/rooms//messages'])
      expect(nameOf('GET', path), path).to.equal('none');
    expect(patterns.nameOf('GET', '/rooms')).to.equal('none');
  });

  it('is one of a few for every route', () => {
    for (const { method, path } of ROUTES) {
      const url = path.replaceAll(/:\w+/g, 'x');
      expect(nameOf(method.toUpperCase(), url)).to.equal(`${method.toUpperCase()} ${path}`);
    }
  });
});
